"""Words for beings: whose looks a phrase may describe."""

from __future__ import annotations

from fluxdiag.dataset.finding.lexicon.lists import words

FEMALE = words("""
    woman girl lady female women girls ladies bride actress businesswoman mother daughter sister grandmother waitress
    policewoman queen princess gal 1girl 1woman she her hers aunt niece granddaughter shepherdess duchess empress sorceress
    maiden geisha wife girlfriend nun ballerina bridesmaid cowgirl heroine witch maid grandma granny mum mom mama mommy
    gran nan oma nonna sis missus
    auntie godmother girlfriends businesswomen priestess baroness countess noblewoman courtesan seamstress stewardess
    hostess saleswoman milkmaid mermaid goddess superheroine kunoichi lass widow swordswoman horsewoman fisherwoman yogini
    matriarch teen_girl
""")

MALE = words("""
    man boy guy gentleman male men boys guys groom actor businessman father son brother grandfather waiter policeman king
    prince dude 1boy 1man he him his fisherman uncle nephew grandson duke emperor husband boyfriend monk cowboy butler
    priest sir grandpa dad papa daddy businessmen policemen gentlemen nobleman baron lord lad chap fellow widower swordsman
    grandad granddad opa nonno bro hubby
    horseman lumberjack woodsman patriarch abbot bishop pope rabbi imam matador bullfighter sheriff salesman
""")

MANY = words("""
    schoolchildren schoolgirls schoolboys coworkers co_workers employees parishioners congregants waiters waitresses bartenders
    baristas farmers fishermen builders construction_workers factory_workers mechanics welders engineers swimmers surfers climbers
    skaters skateboarders gymnasts wrestlers boxers fencers golfers athletes grandparents referees coaches trainers lifeguards
    joggers pilgrims worshippers mourners beachgoers sunbathers bathers picnickers partygoers concertgoers shopkeepers
    stallholders paramedics officers knights pirates clowns acrobats cheerleaders ballerinas photographers reporters
    shepherds gardeners rowers paddlers jockeys riders drivers divers bakers butchers barbers
""")
PERSON = (
    words("""
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
    classmates classmate teachers scientists tourists shoppers senior teens youngster youth youths lad lass dude fellow chap
    elder hero heroine villain cosplayer performer vocalist bodybuilder weightlifter powerlifter footballer basketballer
    fighter swordsman swordswoman archeress amazon valkyrie goddess god demon angel fairy mermaid vampire cyborg superhero
    superheroine bandit outlaw gunslinger sheriff ranger paramedic medic pharmacist veterinarian therapist cosmonaut
    stewardess hostess host sommelier brewer winemaker cobbler seamstress dressmaker stylist makeup_artist fashion_model
    supermodel influencer vlogger gamer programmer developer hacker businessperson executive entrepreneur ceo secretary
    receptionist salesman saleswoman saleslady fishmonger greengrocer grocer gondolier ferryman deckhand lumberjack
    inventor logger bachelor bloke gal damsel streamer woodcutter woodsman forester trapper fisherwoman roofer
    bricklayer builder construction_worker factory_worker farmhand
    milkmaid goatherd horseman horsewoman equestrian jockey polo_player bullfighter matador toreador flamenco_dancer
    belly_dancer ballet_dancer street_musician busker street_performer fire_breather tightrope_walker trapeze_artist
    contortionist fortune_teller abbot bishop pope rabbi imam shaman druid cleric pilgrim missionary crusader ronin shinobi
    kunoichi yogi yogini meditator widow widower orphan beggar vagabond refugee immigrant ancestor matriarch patriarch
    grandma grandpa granny nana mum mom dad mama papa mommy daddy auntie godmother spouse newlyweds lovers lover sweetheart
    gran nan oma nonna grandad granddad opa nonno sis bro hubby missus bestie
    girlfriends roommate roommates triplets siblings sibling teenagers adults gentlemen businessmen businesswomen policemen
    firefighters onlookers onlooker bystanders commuters commuter spectator attendee attendees audience fans fan diners
    revelers revellers protester protesters demonstrators marchers monks priestess pharaoh sultan chieftain chief courtesan
    courtier noble nobleman noblewoman aristocrat baron baroness countess lord knave squire peasant villager villagers
    settler pioneer colonist explorer adventurer mountaineer alpinist spelunker caver paraglider skydiver sprinter
    marathoner hurdler skipper oarsman batter catcher quarterback striker midfielder figure_skater ice_skater roller_skater
    breakdancer dj organist keyboardist trombonist flautist accordionist choir chorister maestro prima_ballerina person's
    dwarves elves cook cooks drag_queen drag_king nomad bedouin wanderer tribesman tribeswoman glassblower puppeteer falconer
    stonemason fiddler bagpiper
    banjoist percussionist
    beatboxer ventriloquist illusionist hypnotist psychic calligrapher cartoonist illustrator animator printmaker engraver
    bookbinder watchmaker jeweler jeweller goldsmith silversmith locksmith shoemaker milliner upholsterer luthier
    cabinetmaker machinist technician biologist geologist botanist zoologist zookeeper midwife masseuse masseur manicurist
    tattoo_artist tattooist mixologist sushi_chef pastry_chef sous_chef line_cook dishwasher croupier gambler banker
    accountant foreman intern apprentice trainee cadet trooper sniper colonel sergeant corporal admiral inmate prisoner
    convict fugitive thief burglar pickpocket robber gangster mobster hitman mercenary bounty_hunter smuggler trucker
    bus_driver taxi_driver chauffeur cabbie train_driver flight_attendant air_hostess aviator aviatrix mayor senator
    president ambassador diplomat activist suffragette preacher pastor vicar deacon altar_boy choirboy choirgirl schoolboy
    schoolgirl graduate pupil tutor governess nanny babysitter caretaker groundskeeper gamekeeper stablehand cowhand
    sheepherder shearer vintner distiller oysterman lobsterman whaler pearl_diver kitesurfer windsurfer paddler canoeist
    triathlete sumo_wrestler kickboxer karateka judoka martial_artist musketeer highlander centurion legionnaire hoplite
    berserker barbarian paladin necromancer alchemist enchantress seer bard minstrel troubadour orc goblin dwarf gnome ogre
    faun satyr nymph dryad siren banshee zombie werewolf space_marine private_eye secret_agent preschooler tween pensioner
    retiree centenarian hippie hipster raver greaser skinhead rollerblader hula_dancer salsa_dancer tango_dancer tap_dancer
    violist lutenist oboist clarinetist showgirl burlesque_dancer aerialist stilt_walker strongman ringmaster
    lion_tamer bookseller newsboy paperboy chimney_sweep lamplighter watchman night_watchman doorman concierge usher valet
    footman chambermaid housekeeper homemaker housewife matron dowager heiress debutante socialite passerby loner drifter
    tramp hobo peddler street_vendor birdwatcher beachcomber forager angler crabber meteorologist stuntman stuntwoman
    craftsman craftswoman artisan cricketer batsman umpire linesman sculler yachtsman freediver snorkeler trampolinist
    walker trekker boulderer motorcyclist racer copilot ticket_inspector postwoman mail_carrier mailwoman plasterer joiner
    farrier landscaper arborist busboy stallholder market_trader optician hygienist vet physiotherapist carer caregiver
    au_pair archivist curator researcher paleontologist physicist surveyor draftsman fashion_designer knitter quilter
    embroiderer ceramicist videographer fire_eater comedian crooner piper songwriter novelist newsreader podcaster youtuber
    blogger barrister solicitor broker manager boss cop constable fireman firewoman buccaneer veteran volunteer scout
    girl_guide majorette baton_twirler reenactor re_enactor clubber reveler rockstar rock_star rocker metalhead contestant
    candidate winner champion runner_up medalist linebacker netballer dealer bell_ringer gravedigger undertaker street_sweeper
    dustman bellboy stagehand roadie storyteller auctioneer antique_dealer clockmaker piano_tuner instrument_maker typesetter
    wheelwright saddler candlemaker soap_maker cheesemaker dairymaid coffee_picker tea_picker fruit_picker dog_walker groomer
    instructor visitor herder reindeer_herder boatman trawlerman lighthouse_keeper steelworker seamster crane_operator
    visitors volunteers contestants craftsmen artisans defender attacker actors singers
    director cameraman camerawoman producer screenwriter newscaster weatherman presenter emcee deejay patient patients
    client clients competitor competitors
    crew_member crew_members team_member team_members staff_member staff_members band_member band_members gang_member
    family_member family_members audience_member audience_members
    coworker co_worker employee parishioner congregant mourner beachgoer sunbather bather partygoer concertgoer
    abbess acolyte airman airwoman anchorman anchorwoman apothecary archbishop archduchess archduke armorer armourer
    artilleryman astrologer attendant bachelorette baritone barmaid barman barkeeper bandleader beautician boatbuilder boatwoman
    bootblack bootmaker bosun bridegroom bugler cabdriver caddie cavalryman caveman cavewoman chairman chairwoman chaplain
    choirmaster choreographer clairvoyant clergyman clergywoman coachman coastguard congresswoman councilwoman councillor
    crewman crewwoman dragoon draughtsman duellist duelist editor educator evangelist fakir farmworker ferrywoman flagbearer
    frogman gaucho grenadier guardsman gunman hairstylist harvester headmaster headmistress headwaiter helmsman
    highwayman huntress huntsman hussar infantryman jailer juror kinswoman laborer labourer lacemaker lancer landlady landlord
    laundress laundrywoman legionary lieutenant lifeboatman longshoreman magistrate mahout maharaja maharani manservant marksman
    markswoman mariner mathematician merchant milkman millworker muezzin mullah naturalist newsagent
    nursemaid pallbearer parson paratrooper patrolman patrolwoman philosopher ploughman pontiff proprietor prospector
    psychologist quarryman ratcatcher redcoat repairman ropemaker sailmaker schoolmaster schoolmistress schoolteacher scribe
    seafarer seaman sentinel sentry serviceman servicewoman sexton shipbuilder shipwright signalman snake_charmer soprano
    stableboy stevedore stonecutter stonecarver taxidermist tinsmith townswoman translator tycoon understudy wainwright
    washerwoman wayfarer waif wheelwoman woodcarver workman workwoman yeoman choir_girl choir_boy fishwife flower_girl
    flower_seller fruit_seller water_carrier rickshaw_puller rickshaw_driver tuk_tuk_driver shoe_shiner shoeshine_boy
    newspaper_seller ice_cream_vendor street_artist portrait_painter sign_painter glazier lacrosse_player
    tennis_player football_player soccer_player basketball_player hockey_player rugby_player volleyball_player baseball_player
    cricket_player chess_player golf_player speed_skater ski_jumper cross_country_skier long_jumper high_jumper pole_vaulter
    javelin_thrower shot_putter discus_thrower race_driver race_car_driver racing_driver test_pilot fighter_pilot ship's_captain
    sea_captain ship_captain police_officer security_guard prison_guard border_guard traffic_warden crossing_guard lollipop_lady
    train_conductor tram_driver lorry_driver truck_driver delivery_man delivery_driver bike_messenger window_cleaner
    street_cleaner garbage_collector gas_station_attendant shop_assistant sales_assistant lab_technician lab_assistant
    nurse_practitioner octogenarian nonagenarian septuagenarian sexagenarian
""")
    | MANY
)

CLASS_NOUNS = words("""
    woman man person girl boy lady guy gentleman female male women men people girls boys ladies guys model child kid teen
    teenager adult bride groom soldier warrior actor actress singer businessman businesswoman mother father
""")
"""what a trigger phrase ends with: `ohwx woman`"""

PLURAL_PERSON = (
    words("""
    women men people girls boys ladies guys friends guests children kids crowd workers pedestrians travellers spectators
    passengers pupils students strangers players humans 2girls 2boys bridesmaids groomsmen passers_by couple family twins
    parents teammates companions patrons dancers musicians chefs sailors soldiers guards priests nuns cyclists runners
    skiers hikers bikers nurses doctors colleagues customers vendors classmates teachers scientists tourists shoppers teens
    youths teenagers adults gentlemen businessmen businesswomen policemen firefighters onlookers bystanders commuters
    attendees audience fans diners revelers revellers protesters demonstrators marchers villagers newlyweds lovers siblings
    dwarves elves triplets roommates choir patients clients competitors visitors volunteers contestants craftsmen artisans
    crew_members team_members staff_members band_members family_members audience_members
""")
    | MANY
)

ROLE_OF_SUBJECT = words("""
    subject character model figure individual person woman man girl boy lady guy gentleman female male adult cosplayer
    performer
""")

ANIMAL = words("""
    dog puppy cat kitten horse pony bird parrot owl cow bull sheep goat pig rabbit bear wolf fox lion tiger deer monkey
    dragon fish snake animal pet teddy doll statue mannequin dogs cats horses birds animals poodle labrador retriever robot
    toy mannequins sculpture poster puppet teddy_bear kittens puppies goats chicken hen turtle camel hamster duck swan eagle
    snowman gargoyle billboard mural scarecrow husky crow hawk falcon pigeon pigeons gull gulls parakeet squirrel hare mouse
    rat ox buffalo donkey mule llama alpaca elephant giraffe zebra leopard panther cheetah whale dolphin seal penguin spider
    bee butterfly pup hound greyhound terrier corgi beagle bulldog spaniel collie foal mare stallion calf lamb rooster
    peacock mascot figurine dolls android wolves foxes ponies geese mice huskies dalmatian chihuahua dachshund rottweiler
    doberman pitbull whippet cub cubs fawn chick chicks piglet gosling tadpole mastiff samoyed pomeranian siamese goldfish
    ferret hedgehog chameleon iguana lizard gecko tortoise cockatoo macaw budgie canary pelican flamingo ostrich reindeer
    moose elk bison yak gorilla chimpanzee ape baboon frog frogs toad goose ravens doves sparrow sparrows seagull seagulls
    heron stork octopus crab dragonfly raccoon badger otter walrus kangaroo koala panda hippo rhino crocodile alligator
    salamander duckling ducklings weasel skunk antelope gazelle lynx coyote hyena boar unicorn griffin albatross armadillo
    barn_owl beaver beetle beetles bobcat bunny bunnies buzzard cassowary caterpillar centaur chinchilla chipmunk clownfish
    cobra cockerel cockroach condor cougar dinosaur dingo dove emu ewe finch firefly gerbil golem grizzly grouse guinea_pig
    hamsters hellhound hornet hummingbird ibex insect jackal jackdaw jellyfish kestrel kingfisher ladybird ladybug lark
    lemur lemurs lobster magpie maine_coon malamute manatee mantis meerkat mole_rat mongoose moth moths narwhal newt
    nightingale ocelot okapi opossum orangutan orca osprey ostriches partridge pegasus peregrine pheasant phoenix platypus
    polar_bear porcupine possum puffin puma quail rhinoceros roadrunner rottweilers scorpion sea_lion seahorse serpent shark
    sharks sheepdog sheepdogs shrew sloth slug snail stag stallions starling stingray sunfish tabby tapir tarantula tomcat
    toucan trout viper vulture vultures wallaby warthog wasp weasels werewolf whippets wildebeest wolfhound wombat
    woodpecker wren wyvern t_rex labradoodle cockapoo spaniels terriers retrievers poodles bulldogs pug pugs shih_tzu
    schnauzer pekingese akita shiba shiba_inu german_shepherd golden_retriever border_collie great_dane saint_bernard
    basset_hound bloodhound weimaraner vizsla tortoiseshell_cat ginger_cat black_cat white_cat tabby_cat persian_cat owls
    parrots penguins rabbits lions tigers elephants giraffes zebras camels cows pigs lambs chickens hens roosters swans
    flamingos pelicans peacocks monkeys gorillas turtles tortoises lizards snakes crocodiles dolphins whales bees
    butterflies spiders squirrels foxhound foxhounds foals mares mules donkeys llamas alpacas bulls oxen piglets hedgehogs
    rats eagles falcons crows storks herons pups
    borzoi borzois greyhounds deerhound deerhounds staghound coonhound elkhound otterhound wolfhounds affenpinscher alsatian
    basenji basset briard bullterrier bull_terrier chow_chow cocker_spaniel springer_spaniel jack_russell
    king_charles_spaniel irish_setter red_setter english_setter gordon_setter pointer_dog keeshond komondor kuvasz malinois
    pinscher schipperke spitz mongrel mutt pooch doggy doggie lapdog guard_dog guide_dog police_dog service_dog therapy_dog
    sheep_dog bernese_mountain_dog st_bernard boxer_dog lurcher lurchers saluki salukis afghan_hound irish_wolfhound
    pyrenean leonberger havanese bichon bichon_frise cavapoo goldendoodle staffie staffy kitty pussycat tomcats bengal_cat
    ragdoll_cat caracal serval margay lioness tigress leopardess cheetahs leopards mountain_lion wildcat gelding broodmare
    racehorse warhorse carthorse workhorse packhorse palomino appaloosa thoroughbred clydesdale shire_horse filly yearling
    steed zebu heifer bullock cattle yaks caribou elks wapiti ibexes chamois mountain_goat bighorn billy_goat nanny_goat
    ewes rams impala kudu oryx springbok nyala gnu hyrax pangolin aardvark anteater badgers marmot groundhog woodchuck
    muskrat nutria dormouse vole lemming gopher capybara agouti guanaco vicuna macaque macaques mandrill gibbon marmoset
    tamarin capuchin_monkey bonobo langur stoat polecat marten pine_marten wolverine civet genet raccoon_dog fennec
    fennec_fox red_panda koalas kangaroos wallabies porpoise dugong beluga narwhals sea_otter walruses harbor_seal
    elephant_seal bluebird blackbird robins thrush nightjar cuckoo bullfinch chaffinch goldfinch greenfinch siskin wagtail
    lapwing plover curlew sandpiper snipe godwit avocet oystercatcher tern terns cormorant gannet egret egrets bittern
    spoonbill jays blue_jay mockingbird oriole hoopoe hornbill kookaburra lovebird lovebirds cockatiel myna mynah jackdaws
    mallard mallards gander goslings cygnet cygnets guinea_fowl bantam peahen peafowl turkeys quails harrier red_kite
    gyrfalcon goshawk sparrowhawk eaglet owlet snowy_owl tawny_owl eagle_owl boa_constrictor anaconda rattlesnake mamba
    caiman gharial skink axolotl tree_frog bullfrog treefrog toads tadpoles carp koi_fish catfish angelfish manta_ray eel
    eels piranha barracuda sturgeon swordfish octopuses squid cuttlefish starfish sea_urchin hermit_crab crabs lobsters
    prawn crayfish cicada grasshopper locust praying_mantis stick_insect dragonflies fireflies snails slugs earthworm
    scorpions triceratops velociraptor tyrannosaurus stegosaurus brachiosaurus woolly_mammoth dodo gryphon hippogriff
    basilisk hydra chimera kraken dragonling
""")

THING = words("""
    chair table car van motorcycle bicycle bike sofa couch bed vase truck house building train bus sculpture armchair stool
    lamp mug bottle
""")
"""may have legs, arms, a body or a face, but wears nothing"""
