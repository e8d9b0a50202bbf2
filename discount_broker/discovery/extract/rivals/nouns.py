"""Words that say what kind of thing is sold, for whom and of what: shops choose them freely. Data."""

from functools import lru_cache

from discount_broker.discovery.extract.vocabulary import words

NOUNS = {
    "en": words(
        "wireless wired cordless electric electronic automatic manual portable smart digital digitale "
        "mechanical ergonomic adjustable stainless steel wooden wood leather cotton plastic glass "
        "cast iron carbon ceramic rubber metal aluminium aluminum bamboo waterproof foldable folding "
        "compact mini heavy duty professional advanced built mens womens men's women's man woman "
        "unisex adult baby kid girl boy home office kitchen garden outdoor indoor gaming gamer travel "
        "hiking running walking training sports sport bike bicycle car phone mobile smartphone "
        "telephone tablet laptop notebook computer monitor screen television keyboard mouse "
        "headphones headphone headset earphones earbuds speaker speakers soundbar microphone camera "
        "lens console controller printer scanner router drive card graphics machine washer washing "
        "dishwasher dryer oven microwave fridge refrigerator freezer vacuum cleaner robot kettle "
        "toaster blender mixer coffee maker espresso grinder grill fan heater conditioner purifier "
        "lamp light bulb lights flashlight torch battery charger power bank drill driver screwdriver "
        "saw sander hammer tool tools pump hose pressure mower trimmer scissors knife knives chef "
        "bread pan pot skillet cookware plate bowl cup mug bottle flask jar candle wine whisky beer "
        "chocolate cocoa tea dark milk dog cat pet food toy toys game board puzzle book novel story "
        "chair desk table sofa bed mattress pillow blanket sheet towel towels rug carpet cabinet "
        "shelf shirt tshirt t-shirt hoodie sweatshirt jacket coat dress skirt shorts jeans trousers "
        "pants socks shoes shoe boots boot trainers sneakers sandals sandal slippers hat cap bag "
        "backpack rucksack wallet belt watch watches ring necklace earrings bracelet sunglasses "
        "glasses perfume fragrance cream lotion shampoo moisturizer face facial body hand hands hair "
        "skin eye toothbrush razor diapers nappies stroller trailer tyre tire tent sleeping guitar "
        "piano drum interface audio video music recording studio noise cancelling canceling smokeless "
        "insulated double single wall fire pit round square oval large medium small bar pack box soft "
        "hard self emptying mop preseasoned seasoned non-stick nonstick fast charging handheld curved "
        "workstation desktop tower memory storage bluetooth usb wifi hdmi gasket hot swap tri-mode "
        "customized custom pc esports keyboards"
    ),
    "de": words(
        "elektrisch kabellos drahtlos automatisch tragbar edelstahl stahl holz leder baumwolle "
        "gusseisen glas herren damen kinder unisex waschmaschine spulmaschine geschirrspuler trockner "
        "kuhlschrank backofen mikrowelle staubsauger saugroboter wasserkocher kaffeemaschine "
        "kaffeevollautomat kaffeebohnen ventilator lampe leuchte birne batterie akku knopfzelle "
        "bohrschrauber bohrmaschine schere gartenschere messer kochmesser brotmesser pfanne topf "
        "brater flasche kerze schokolade hund katze spielzeug hundespielzeug spiel grundspiel "
        "brettspiel buch stuhl hochstuhl burostuhl tisch schreibtisch sofa bett matratze kissen decke "
        "handtuch teppich regal hemd jacke mantel kleid rock hose jeans socken schuhe laufschuhe "
        "stiefel sandalen mutze tasche rucksack gurtel uhr armbanduhr ring kette sonnenbrille parfum "
        "creme zahnburste rasierer windeln kinderwagen fahrrad fahrradanhanger reifen zelt gitarre "
        "kopfhorer lautsprecher bildschirm flachbildschirm monitor fernseher drucker "
        "multifunktionsdrucker tastatur maus rechner handy hochdruckreiniger rasenmaher handgefertigt "
        "bleifrei hohenverstellung stand rund oval gross klein weinglas weinglaser whiskyglas "
        "whiskybecher becher gasgrill stuck freistehend wetterstation meteostation powerbank"
    ),
    "romance": words(
        "sans fil electrique automatique acier inoxydable inox bois cuir coton verre homme femme "
        "enfant montre resine montres lave linge vaisselle refrigerateur four micro-ondes aspirateur "
        "bouilloire cafetiere lampe chaise table lit matelas chemise veste robe pantalon chaussures "
        "baskets bottes sac parfum creme jouet jeu livre velo tente casque enceinte ecran imprimante "
        "clavier souris telephone ordinateur barbecue charbon inalambrico electrico automatico acero "
        "inoxidable madera cuero algodon vidrio hombre mujer nino reloj lavadora lavavajillas nevera "
        "horno microondas aspirador aspiradora hervidor cafetera lampara silla mesa cama colchon "
        "camisa chaqueta vestido pantalones zapatos zapatillas botas bolso mochila perfume crema "
        "juguete juego libro bicicleta tienda auriculares altavoz pantalla impresora teclado raton "
        "movil telefono ordenador tazas sem fio aco inoxidavel madeira couro algodao homem mulher "
        "crianca relogio geladeira cadeira colchao sapatos tenis bolsa brinquedo jogo livro caixa som "
        "fone celular computador senza fili elettrico acciaio legno pelle cotone vetro uomo donna "
        "bambino orologio lavatrice lavastoviglie frigorifero forno aspirapolvere bollitore macchina "
        "caffe lampada sedia tavolo letto materasso camicia giacca vestito pantaloni scarpe stivali "
        "borsa zaino profumo giocattolo gioco tenda cuffie schermo stampante tastiera grande piccola "
        "giara solar tough"
    ),
    "slavic": words(
        "bezdratovy elektricky hodinky pracka mycka lednice trouba vysavac konvice kavovar zidle stul "
        "postel matrace boty batoh taska hracka hra kniha kolo stan sluchatka reproduktor obrazovka "
        "tiskarna klavesnice mys telefon pocitac meteostanice meteostanica ctecka citacka flashdisk "
        "pralka zmywarka lodowka odkurzacz czajnik ekspres krzeslo lozko buty plecak torba zabawka "
        "gra ksiazka rower namiot sluchawki glosnik monitor"
    ),
    "ru": words(
        "стул кресло стол шкаф диван кровать матрас подушка одеяло полотенце ковер лампа светильник "
        "люстра телефон смартфон планшет ноутбук компьютер монитор телевизор приставка игровая "
        "клавиатура мышь мышка наушники колонка акустика гарнитура микрофон камера фотоаппарат "
        "объектив принтер мфу сканер роутер диск накопитель карта видеокарта процессор стиральная "
        "посудомоечная машина сушильная холодильник морозильник духовка плита микроволновая печь "
        "мультиварка пылесос робот чайник электрочайник тостер блендер миксер кофемашина кофеварка "
        "кофемолка гриль вентилятор обогреватель кондиционер увлажнитель очиститель дрель шуруповерт "
        "перфоратор пила шлифмашина болгарка насос гидронасос мойка минимойка газонокосилка секатор "
        "ножницы нож сковорода кастрюля тарелка кружка термос бутылка рюкзак сумка кошелек ремень "
        "часы кольцо цепочка серьги очки духи парфюм крем шампунь маска щетка бритва подгузники "
        "коляска автокресло велосипед самокат шина шины палатка спальник гитара книга роман игра "
        "настольная конструктор кукла игрушка корм рубашка футболка толстовка куртка пальто платье "
        "юбка джинсы брюки носки обувь ботинки кроссовки кеды туфли сапоги шапка перчатки мужской "
        "мужские женский женские детский детские беспроводной беспроводные аккумуляторный "
        "аккумуляторная электрический электрическая портативный портативная игровой офисный офисное "
        "рабочее механическая автоматическая походный туристический зимняя летняя шипованная чугунная "
        "стальной деревянный кожаный"
    ),
}
"""By language, or by family of languages that share many of them."""
TAILS = (
    "messer",
    "schuhe",
    "schuh",
    "maschine",
    "spielzeug",
    "anhanger",
    "glas",
    "glaser",
    "becher",
    "reiniger",
    "sauger",
    "drucker",
    "schrauber",
    "lampe",
    "leuchte",
    "stuhl",
    "tisch",
    "tasche",
    "brille",
    "horer",
    "bohnen",
    "burste",
    "bildschirm",
    "monitor",
    "kocher",
    "wagen",
    "jacke",
    "hose",
    "spiel",
)
"""Ends of German compounds."""


RUSSIAN_STEM = 5
RUSSIAN = frozenset(word[:RUSSIAN_STEM] for word in NOUNS["ru"])


@lru_cache(maxsize=8192)
def languages_of(word: str) -> frozenset[str]:
    """The languages in which a word, folded, names a kind of thing; none for a name or a rare word."""
    known = {name for name, nouns in NOUNS.items() if word in nouns or word.rstrip("s") in nouns}
    if word.endswith(TAILS):
        known.add("de")
    if word[:RUSSIAN_STEM] in RUSSIAN:
        known.add("ru")
    return frozenset(known)
