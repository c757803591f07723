"""Words for beings: whose looks a phrase may describe."""

from __future__ import annotations

from fluxdiag.dataset.lexicon.lists import words

FEMALE = words("""
    woman girl lady female women girls ladies bride actress businesswoman mother daughter sister grandmother waitress
    policewoman queen princess gal 1girl 1woman she her hers aunt niece granddaughter shepherdess duchess empress sorceress
    maiden geisha wife girlfriend nun ballerina bridesmaid cowgirl heroine witch maid
""")

MALE = words("""
    man boy guy gentleman male men boys guys groom actor businessman father son brother grandfather waiter policeman king
    prince dude 1boy 1man he him his fisherman uncle nephew grandson duke emperor husband boyfriend monk cowboy butler
    priest sir
""")

PERSON = words("""
    woman man person girl boy lady guy gentleman female male women men people girls boys ladies guys model child kid teen
    teenager adult bride groom soldier warrior actor actress singer businessman businesswoman mother father subject figure
    character individual athlete dancer ballerina chef musician artist scientist teacher knight wizard astronaut fisherman
    boxer doctor nurse student baby newborn infant toddler friend friends sister brother daughter son grandmother
    grandfather waiter waitress barber guitarist drummer worker workers colleague customer vendor guests children kids crowd
    couple family passers_by pedestrian pedestrians travellers spectators passenger passengers pupils students assistant
    stranger strangers bystander neighbour neighbor boyfriend girlfriend wife husband human humans pirate witch elf queen
    king prince princess firefighter officer policeman policewoman surfer skier cyclist runner climber painter photographer
    pianist violinist cowboy cowgirl samurai ninja swimmer farmer gardener hiker rider diver monk nun welder skater
    skateboarder biker gymnast wrestler barista priest sailor captain pilot miner carpenter blacksmith tailor baker butcher
    lifeguard jogger tourist traveler traveller shopper driver guard hunter archer viking worshipper surgeon dentist lawyer
    cheerleader mechanic player players 1girl 1boy 1man 1woman 2girls 2boys poodle_owner shopkeeper bartender bridesmaids
    groomsmen bridesmaid coach trainer goalkeeper goalie referee judge maid butler bellhop porter postman mailman courier
    clerk cashier bouncer soloist conductor composer cellist flutist trumpeter saxophonist bassist harpist juggler acrobat
    clown mime magician jester archaeologist astronomer chemist engineer architect plumber electrician potter sculptor
    weaver shepherd shepherdess rancher beekeeper florist janitor cleaner maiden duchess duke empress emperor sorcerer
    sorceress mage warlock rogue assassin gladiator spartan geisha bodyguard detective spy agent politician journalist
    reporter poet writer author librarian professor lecturer uncle aunt niece nephew cousin twin twins granddaughter
    grandson grandparent parent parents teammate teammates opponent rival partner companion companions hitchhiker backpacker
    camper snowboarder rower kayaker fencer golfer hairdresser rapper patron patrons dancers musicians chefs sailors
    soldiers guards priests nuns cyclists runners skiers hikers bikers nurses doctors colleagues customers vendors
    classmates classmate teachers scientists tourists shoppers
""")

CLASS_NOUNS = words("""
    woman man person girl boy lady guy gentleman female male women men people girls boys ladies guys model child kid teen
    teenager adult bride groom soldier warrior actor actress singer businessman businesswoman mother father
""")
"""what a trigger phrase ends with: `ohwx woman`"""

PLURAL_PERSON = words("""
    women men people girls boys ladies guys friends guests children kids crowd workers pedestrians travellers spectators
    passengers pupils students strangers players humans 2girls 2boys bridesmaids groomsmen passers_by couple family twins
    parents teammates companions patrons dancers musicians chefs sailors soldiers guards priests nuns cyclists runners
    skiers hikers bikers nurses doctors colleagues customers vendors classmates teachers scientists tourists shoppers
""")

ROLE_OF_SUBJECT = words("""
    subject character model figure individual person woman man girl boy lady guy gentleman female male
""")

ANIMAL = words("""
    dog puppy cat kitten horse pony bird parrot owl cow bull sheep goat pig rabbit bear wolf fox lion tiger deer monkey
    dragon fish snake animal pet teddy doll statue mannequin dogs cats horses birds animals poodle labrador retriever robot
    toy mannequins sculpture poster puppet teddy_bear kittens puppies goats chicken hen turtle camel hamster duck swan eagle
    snowman gargoyle billboard mural scarecrow husky crow hawk falcon pigeon pigeons gull gulls parakeet squirrel hare mouse
    rat ox buffalo donkey mule llama alpaca elephant giraffe zebra leopard panther cheetah whale dolphin seal penguin spider
    bee butterfly pup hound greyhound terrier corgi beagle bulldog spaniel collie foal mare stallion calf lamb rooster
    peacock mascot figurine dolls android
""")

THING = words("""
    chair table car van motorcycle bicycle bike sofa couch bed vase truck house building train bus sculpture armchair stool
    lamp mug bottle
""")
"""may have legs, arms, a body or a face, but wears nothing"""
