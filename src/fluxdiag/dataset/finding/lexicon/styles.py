"""Words for how hair is worn, dyed and held."""

from __future__ import annotations

from fluxdiag.dataset.finding.lexicon.lists import words

STYLED = words("""
    flattened
    tied_back falls flows cascades frames reaches hangs tied pulled styled swept worn gathered put slicked braided parted
    slicked_back
    cascading falling flowing blowing framing reaching pinned held_back tucked twisted arranged down loose cut dyed hanging
    combed flying floating drifting tumbling fanned draped spilling swept_back wrapped coming flies flutters blows
    fluttering brushed curled shaved cropped trimmed streaked touching covering hanging_down decorated adorned flowing_down
    everywhere woven secured fastened clipped knotted coiled rolled teased piled heaped tossed plastered tousled whipping
    streaming trailing draping spills tumbles drapes curls held bound wound drawn let sticking poking peeking spiked spread
    worn_in half half_up threaded waxed oiled gelled clinging hidden kept piling layered sweeping done fixed
    faded bunched scraped looped brushed_back fluffed feathered straightened crimped plaited shorn
    graying greying thinning receding
    set pulled_back swept_to tucked_behind slicked_down braided_into
""")
ONE_DOES = words("falls flows cascades frames reaches hangs flies flutters blows spills tumbles drapes")
"""no verb of several: `a girl in [pigtails] blows out the candles`"""
WRAPS = words("scarf towel bandana headscarf bonnet hairnet turban kerchief net snood")
DYED = words("going turning fading dyed tinted coloured colored bleached streaked painted tipped")
SHOT = words("streaked flecked peppered speckled sprinkled threaded dusted laced shot tinged touched highlighted mixed")
AFTER_COMMA = words(
    "shaved dyed styled tied pulled swept cut parted braided woven slicked cropped gathered pinned cascading framing tucked"
    " streaked highlighted worn brushed combed twisted curled layered trimmed secured"
)
STREAKS = words("streak streaks stripe stripes highlights undertones")
STYLE_NOUNS = words("""
    curlers rollers foils bobbles scrunchie ornament ornaments skull bundle heap coil gel wax
    style manner way fashion shape wind breeze side sides middle top back ribbon ribbons flower flowers pin pins pencil
    chopstick chopsticks stick sticks clip clips tie elastic band beads feathers feather gems comb claw bow bows center
    centre combs clasp clasps barrette barrettes crown points knot locs cuffs roses daisies blossoms leaves thread
    pillow pillows cushion cord string lace elastics pomade rings pearls spikes
""")
HAIR_PREPOSITIONS = words(
    "out away against in into with by under over around behind on at to from down past across above below onto along off"
)
STYLE_TAIL = STYLED | words(
    "back up down behind into in over to past around at on of off with against across out a an the her his their its one"
    " each both long loose low high messy side middle"
    " left right top half bunches ponytail bun buns braid braids pigtails plait plaits curls shoulder shoulders wave waves"
    " wind waist face ear ears"
    " neat tight bangs chin nape neck forehead head eyes back_of layers layered style bob and short choppy sleek elegant"
    " bandana ribbon flowers clip headband updo knot topknot ornamental pins traditional red white black small water breeze"
    " twist roll chignon beehive pompadour bouffant beads gold silver"
    " away from hair simple casual soft tightly loosely neatly gently softly green blue pink tails crown just below"
    " shaved sides"
    " through everywhere strands few cornrows french dutch fishtail twin double single straight"
)
ORNAMENTS = words("beads ribbons ribbon flowers feathers pins clips rings cuffs shells charms bows pearls")
ROLLS = words("twist roll chignon beehive pompadour bouffant wave knot knots twists")
DANGLING = words("in into over to past around at on of off with against across out a an the her his their and each"
    " one both from just"
                    " few behind white red black blue green pink small water")  # fmt: skip
"""what a tail never ends with"""
