"""Words by which titles of products differ or agree, in the languages shops write in. Data."""

from discount_broker.discovery.extract.vocabulary import words

GENERIC = words(
    "the a an of and for with in on to by from at or is und mit fur der die das ein eine zu von im et de "
    "la le les des pour avec du en del los las con para el il di da do e o y i s c v u и в на с со для из "
    "от по к у за или не the new neu neue novy nuevo nuovo новый новая новое новинка original оригинал "
    "оригинальный купить цена недорого заказать доставка buy price sale online shop store магазин "
    "официальный size color colour цвет размер модель model артикул art sku ref арт type тип серия series "
    "gen generation generacion поколение поколения genuine quality official edition version "
    "ram memory ssd hdd storage screen display touchscreen память накопитель экран "
    "inkl incl including free shipping шт штук штуки pcs pc piece pieces stk stuck"
)
COLOURS = {
    spelling: name
    for name, spellings in {
        "black": "black schwarz schwarze noir noire negro negra preto preta nero nera cerna cierna czarny "
        "czarna черный чёрный черная чёрная черное чёрное черные чёрные",
        "white": "white weiss weiß blanc blanche blanco blanca branco branca bianco bianca bila biela bialy "
        "белый белая белое белые",
        "grey": "grey gray grau gris cinza grigio seda siva szary серый серая серое graphite графит "
        "графитовый anthracite anthrazit anthrazitgrau dunkelgrau антрацит spacegray",
        "silver": "silver silber argent plata prata argento strieborna stribrna srebrny серебро серебристый "
        "серебряный серебристая",
        "red": "red rot rote rouge rojo roja vermelho rosso rossa cervena czerwony красный красная красное",
        "blue": "blue blau bleu azul blu modra niebieski синий синяя синее голубой голубая голубое navy",
        "green": "green grun vert verde zelena zielony зеленый зелёный зеленая зелёная olive оливковый",
        "yellow": "yellow gelb jaune amarillo amarelo giallo zluta желтый жёлтый",
        "gold": "gold golden dore oro dorado золото золотой золотистый",
        "pink": "pink rosa rose розовый розовая",
        "fuchsia": "fuchsia fuschia фуксия фуше",
        "purple": "purple violett lila violet violeta viola фиолетовый лиловый lavender",
        "brown": "brown braun marron brun коричневый mocca mocha",
        "beige": "beige бежевый ivory",
        "orange": "orange naranja оранжевый",
    }.items()
    for spelling in spellings.split()
}
VARIANTS = {
    **{
        word: word
        for word in words(
            "pro max ultra mini plus lite se fe air edge oled lte maxv combo ti super xl fold flip neo night "
            "evo turbo nano slim tv kids junior women men solo duo sport rs gt gti classic wide short long "
            "pure premium comfort deluxe basic elite prime touch vision signature"
        )
    },
    **dict.fromkeys(words("jr junior детский детские youth children"), "junior"),
    **dict.fromkeys(words("5g 4g"), "cellular"),
    **dict.fromkeys(words("mens herren homme hombre uomo мужской мужские мужская мужчин"), "men"),
    **dict.fromkeys(words("womens ladies damen femme mujer donna женский женские женская женщин"), "women"),
    **dict.fromkeys(words("про"), "pro"),
    **dict.fromkeys(words("мини"), "mini"),
    **dict.fromkeys(words("макс"), "max"),
    **dict.fromkeys(words("плюс"), "plus"),
}
USED = words(
    "used refurbished renewed reconditioned gebraucht generaluberholt refurb preowned secondhand openbox "
    "bstock reconditionne occasion usado usata ricondizionato reacondicionado repasovane uzywany "
    "б/у восстановленный восстановленная восстановленное уценка уценённый уцененный уценённая уцененная "
    "витринный подержанный"
)
ACCESSORIES = words(
    "case cases cover covers sleeve folio pouch skin protector bumper strap straps wristband "
    "cable adapter adaptor netzteil ladegerat dock docking stand holder mount halterung "
    "lid shield filter filters filtro filtre replacement replacements ersatz ersatzteil spare "
    "spares refill refills keycaps earpads cushions windscreen pads remote fernbedienung hulle tasche "
    "schutzhulle schutzfolie panzerglas etui funda coque carcasa custodia pouzdro obal kryt sticker decal "
    "чехол чехлы накладка бампер стекло пленка плёнка кабель зарядка зарядное адаптер переходник подставка "
    "держатель крепление ремешок фильтр фильтры насадка насадки мешок мешки "
    "ремкомплект запчасть запчасти запчастей комплектующие уплотнения уплотнение сальник "
    "амбушюры крышка пульт картридж картриджи блок поршней"
)
SETS = words(
    "bundle set kit combo paket набор наборе набора наборы комплект комплекте комплекта pack souprava sada "
    "zestaw conjunto coffret"
)
PHRASES = {
    "eau de toilette": "edt",
    "туалетная вода": "edt",
    "eau de parfum": "edp",
    "парфюмерная вода": "edp",
    "парфюмированная вода": "edp",
    "eau de cologne": "edc",
    "hardback": "hardcover",
    "hard cover": "hardcover",
    "soft cover": "paperback",
    "softcover": "paperback",
}
"""What one shop writes out and another shortens."""
FOR = words("for fur pour para per pre pro do dla voor для к под compatible kompatibel")
PEOPLE_AND_PLACES = words(
    "men women kids children boys girls babies dogs cats pets home office kitchen garden travel face hair "
    "body hands herren damen kinder hunde katzen haus garten hombre mujer ninos perros gatos homme femme "
    "enfants chiens chats мужчин женщин детей мальчиков девочек подростков собак кошек щенков котят взрослых "
    "дома дачи кухни ванной ванны сада офиса улицы путешествий похода волос лица тела рук ног глаз губ кожи"
)
"""After a `for` they say who uses a thing, not which other thing it is made for."""
BRANDS = {
    cyrillic: latin
    for latin, spellings in {
        "xiaomi": "сяоми ксиаоми ксяоми",
        "lg": "элджи",
        "apple": "эппл эпл эппле",
        "huawei": "хуавей хуавэй",
        "hewlett": "хьюлетт",
        "jbl": "джбл",
        "bosch": "бош",
        "makita": "макита",
        "samsung": "самсунг",
        "philips": "филипс",
        "siemens": "сименс",
        "panasonic": "панасоник",
        "sony": "сони",
        "karcher": "керхер кёрхер",
        "casio": "касио",
        "logitech": "логитек логитеч",
        "lenovo": "леново",
        "asus": "асус",
        "acer": "асер эйсер",
        "dell": "делл",
        "canon": "кэнон канон",
        "nikon": "никон",
        "tefal": "тефаль",
        "braun": "браун",
        "electrolux": "электролюкс",
        "whirlpool": "вирпул",
        "indesit": "индезит",
        "zanussi": "занусси",
        "miele": "миле",
        "delonghi": "делонги",
        "moulinex": "мулинекс",
        "dyson": "дайсон",
        "haier": "хайер",
        "hyundai": "хендай хёндэ хендэ",
        "toyota": "тойота",
        "honda": "хонда",
        "yamaha": "ямаха",
        "kawasaki": "кавасаки",
        "michelin": "мишлен",
        "adidas": "адидас",
        "nike": "найк",
        "puma": "пума",
        "reebok": "рибок",
        "lego": "лего",
        "garmin": "гармин",
        "gopro": "гопро",
        "dewalt": "деволт",
        "metabo": "метабо",
        "stihl": "штиль",
        "husqvarna": "хускварна",
        "grundfos": "грундфос",
        "rexroth": "рексрот",
        "duracell": "дюраселл",
        "energizer": "энерджайзер",
        "gillette": "джиллетт жиллет",
        "nivea": "нивея",
        "loreal": "лореаль",
        "chanel": "шанель",
        "dior": "диор",
        "nokia": "нокиа",
        "realme": "реалми",
        "motorola": "моторола",
        "microsoft": "майкрософт",
        "epson": "эпсон",
        "brother": "бразер",
        "kyocera": "киосера",
        "tplink": "типилинк",
        "oralb": "оралби",
        "bose": "боз бозе боус",
        "marshall": "маршалл",
        "shure": "шур",
    }.items()
    for cyrillic in spellings.split()
}
KNOWN_BRANDS = frozenset(BRANDS.values()) | words(
    "msi benq iiyama aoc viewsonic nec hp bork redmond polaris vitek gorenje beko candy hisense tcl midea "
    "roborock irobot dreame ecovacs oppo vivo oneplus honor tecno infinix poco anker baseus ugreen "
    "sennheiser akg audiotechnica rode focusrite behringer corsair razer hyperx steelseries kingston sandisk "
    "toshiba seagate transcend crucial gigabyte zotac palit ryobi hitachi milwaukee einhell "
    "interskol kitchenaid kenwood smeg krups rowenta philco hotpoint ariston liebherr sharp jvc pioneer "
    "denon onkyo garmin suunto fitbit amazfit osprey deuter salomon merrell asics birkenstock lotto varta "
    "camelion gp havells crompton orient"
)
