"""What garments have: parts of them, and what is on them."""

from __future__ import annotations

from fluxdiag.dataset.finding.lexicon.lists import words

WITH_DETAIL = words("""
    flaps tabs
    ears antlers pom_pom pompom waistband applique appliques appliqué appliqués flap bib ear_flaps earflaps drawstring drawstrings
    pendant pendants
    design print pattern sleeves collar hood neckline details trim embroidery stripe stripes straps buttons visor logo lace
    dots engravings patches slit train back pockets cuffs hem lapels fringe ruffles accents graphic letters lines polka_dots
    motif motifs text fabric bodice waist brim frames frame lenses beads stones cuff ribbon zipper elements flowers bow
    sequins prints patterns reading polka feathers number numbers seam seams collars necklines brims hoods strap lapel
    button zippers pocket emblem emblems crest badge badges insignia lettering slogan word words cutout cutouts slits trims
    edge edges panels panel tassels tassel ruffle pleats fringes embellishments embroideries shoulders soles sole laces
    heels toes tip tips veil crown bands band chain chains clasp charm charms gem gems jewels jewel pearls pearl stone
    crystals studs spikes rivets buckles buckle belt sash ribbons bows petals leaves butterflies hearts stars star heart
    skull skulls animals cartoon character image picture photo face squares circles swirls checks arms rims rim handle
    handles detail detailing stitching piping beading trimming lining edging lace_up v_neckline v_neck turtleneck neck
    ladder hole holes rip rips tear tears stain stains run fabric_ epaulettes plates plate plating sections accents_
    sticker stickers
    inserts patch bell bells zip label monogram tag sheen finish texture weave toggle toggles peplum ruching drape cowl flounce
    flounces smocking
    daisies roses sunflowers poppies cherries strawberries lemons bananas palm_trees unicorn dinosaur dinosaurs
    feather plume plumes cockade tuft tufts pin chinstrap chin_strap
    patchwork layers layer tiers overlay closure fastening
    fastenings ties tie knot knots hemline shoulder sleeve front
    border borders cage grille facemask chinguard faceguard carabiner carabiners quickdraws quickdraw arrows pouches
    holsters graphics crests
    spurs overskirt bustle underskirt facings bindings binding tags embellishment ornament ornaments
    medallions medallion filigree brocade fasteners eyelets lacing corsage rosettes rosette ribbing
    dragon dragons flame flames lightning_bolt lightning_bolts anchor anchors eagle phoenix lions tigers koi
    snowflakes reindeer snowman pumpkins bats cobwebs mandala swoosh slogans spandex
    fin fins scales
    piercings cat_face smiley rainbow rainbows rune runes sigil sigils glyphs motto
""")  # fmt: skip
