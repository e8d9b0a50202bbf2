"""What the demo shops sell: invented brands, so that nobody's goods are described wrongly.

The GTINs carry the prefix 952, which GS1 keeps for demonstrations.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Product:
    key: str
    drawing: str
    brand: str
    model: str
    gtin: str
    category: dict[str, str]
    title: dict[str, str]
    text: dict[str, str]
    facts: dict[str, tuple[tuple[str, str], ...]]

    def slug(self) -> str:
        return f"{self.brand}-{self.model}".lower().replace(" ", "-").replace(".", "-")


def _check_digit(first_twelve: str) -> str:
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(first_twelve))
    return str(-total % 10)


def _gtin(number: int) -> str:
    first_twelve = f"952{number:09d}"
    return first_twelve + _check_digit(first_twelve)


BIKES = {"ru": "Велосипеды", "en": "Bicycles"}
AUDIO = {"ru": "Наушники и звук", "en": "Audio"}
COFFEE = {"ru": "Кофе и чай", "en": "Coffee and tea"}
OUTDOOR = {"ru": "Походы", "en": "Outdoor"}
OFFICE = {"ru": "Рабочее место", "en": "Work space"}

PRODUCTS = {
    product.key: product
    for product in (
        Product(
            key="city3",
            drawing="city_bike",
            brand="Norrvik",
            model="City 3",
            gtin=_gtin(10),
            category=BIKES,
            title={
                "ru": "Городской велосипед Norrvik City 3, рама 19″",
                "en": "Norrvik City 3 city bike, 19″ frame",
            },
            text={
                "ru": "Низкая рама, прямая посадка и планетарная втулка, которую не нужно настраивать. "
                "Крылья, багажник и свет от динамо-втулки уже стоят.",
                "en": "A step-through frame, an upright seat and a hub gear that needs no tuning. "
                "Mudguards, rack and dynamo light are fitted.",
            },
            facts={
                "ru": (("Рама", "алюминий, 19″"), ("Передачи", "3, планетарная втулка"), ("Вес", "15,8 кг")),
                "en": (("Frame", "aluminium, 19″"), ("Gears", "3, hub"), ("Weight", "15.8 kg")),
            },
        ),
        Product(
            key="trail29",
            drawing="trail_bike",
            brand="Norrvik",
            model="Trail 29",
            gtin=_gtin(11),
            category=BIKES,
            title={
                "ru": "Горный велосипед Norrvik Trail 29, рама L",
                "en": "Norrvik Trail 29 mountain bike, frame L",
            },
            text={
                "ru": "Хардтейл для лесных троп: вилка с ходом 120 мм, гидравлические тормоза "
                "и широкие покрышки под бескамерную установку.",
                "en": "A hardtail for forest trails: 120 mm fork, hydraulic brakes and wide tyres, "
                "tubeless ready.",
            },
            facts={
                "ru": (("Вилка", "120 мм, воздушная"), ("Колёса", "29″"), ("Вес", "13,2 кг")),
                "en": (("Fork", "120 mm, air"), ("Wheels", "29″"), ("Weight", "13.2 kg")),
            },
        ),
        Product(
            key="h7",
            drawing="headphones",
            brand="Tonhall",
            model="H7",
            gtin=_gtin(20),
            category=AUDIO,
            title={
                "ru": "Беспроводные наушники Tonhall H7 с шумоподавлением",
                "en": "Tonhall H7 wireless noise-cancelling headphones",
            },
            text={
                "ru": "Полноразмерные наушники с активным шумоподавлением. Сорок часов от одного заряда, "
                "десять минут у розетки – ещё на пять.",
                "en": "Over-ear headphones with active noise cancelling. Forty hours on a charge, "
                "five more after ten minutes on the cable.",
            },
            facts={
                "ru": (("Связь", "Bluetooth 5.3, кабель 3,5 мм"), ("Работа", "до 40 ч"), ("Вес", "248 г")),
                "en": (
                    ("Link", "Bluetooth 5.3, 3.5 mm cable"),
                    ("Battery", "up to 40 h"),
                    ("Weight", "248 g"),
                ),
            },
        ),
        Product(
            key="bolle",
            drawing="speaker",
            brand="Tonhall",
            model="Bolle 2",
            gtin=_gtin(21),
            category=AUDIO,
            title={"ru": "Портативная колонка Tonhall Bolle 2", "en": "Tonhall Bolle 2 portable speaker"},
            text={
                "ru": "Круглая колонка с ремешком: висит на рюкзаке, не боится дождя, играет "
                "восемнадцать часов.",
                "en": "A round speaker on a strap: hangs on a backpack, shrugs off rain, plays for "
                "eighteen hours.",
            },
            facts={
                "ru": (("Мощность", "12 Вт"), ("Защита", "IP67"), ("Работа", "до 18 ч")),
                "en": (("Power", "12 W"), ("Protection", "IP67"), ("Battery", "up to 18 h")),
            },
        ),
        Product(
            key="plate1",
            drawing="turntable",
            brand="Tonhall",
            model="Plate 1",
            gtin=_gtin(22),
            category=AUDIO,
            title={"ru": "Проигрыватель винила Tonhall Plate 1", "en": "Tonhall Plate 1 turntable"},
            text={
                "ru": "Ременной привод, тонарм с противовесом и встроенный фонокорректор: включил и "
                "слушаешь.",
                "en": "Belt drive, a balanced arm and a built-in phono stage: plug in and listen.",
            },
            facts={
                "ru": (("Скорости", "33⅓ и 45"), ("Привод", "ремень"), ("Вес", "5,1 кг")),
                "en": (("Speeds", "33⅓ and 45"), ("Drive", "belt"), ("Weight", "5.1 kg")),
            },
        ),
        Product(
            key="m2",
            drawing="grinder",
            brand="Mellkorn",
            model="M2",
            gtin=_gtin(30),
            category=COFFEE,
            title={
                "ru": "Ручная кофемолка Mellkorn M2, сталь",
                "en": "Mellkorn M2 hand coffee grinder, steel",
            },
            text={
                "ru": "Стальные жернова 38 мм, тридцать ступеней помола от турки до френч-пресса. "
                "Тридцать граммов зерна – за минуту.",
                "en": "38 mm steel burrs, thirty steps from ibrik to French press. Thirty grams of "
                "beans in a minute.",
            },
            facts={
                "ru": (("Жернова", "сталь, 38 мм"), ("Бункер", "30 г"), ("Вес", "560 г")),
                "en": (("Burrs", "steel, 38 mm"), ("Hopper", "30 g"), ("Weight", "560 g")),
            },
        ),
        Product(
            key="gusk",
            drawing="kettle",
            brand="Mellkorn",
            model="Gusk 0.9",
            gtin=_gtin(31),
            category=COFFEE,
            title={
                "ru": "Электрочайник с тонким носиком Mellkorn Gusk 0.9",
                "en": "Mellkorn Gusk 0.9 gooseneck electric kettle",
            },
            text={
                "ru": "Держит температуру с точностью до градуса, льёт тонкой струёй и выключается сам.",
                "en": "Holds the temperature to a degree, pours a thin stream and switches itself off.",
            },
            facts={
                "ru": (("Объём", "0,9 л"), ("Мощность", "1200 Вт"), ("Шаг", "1 °C")),
                "en": (("Volume", "0.9 l"), ("Power", "1200 W"), ("Step", "1 °C")),
            },
        ),
        Product(
            key="bre45",
            drawing="backpack",
            brand="Skarnfjell",
            model="Bre 45",
            gtin=_gtin(40),
            category=OUTDOOR,
            title={"ru": "Походный рюкзак Skarnfjell Bre 45", "en": "Skarnfjell Bre 45 hiking backpack"},
            text={
                "ru": "Сорок пять литров, поясной ремень с карманами и чехол от дождя в клапане.",
                "en": "Forty-five litres, a hip belt with pockets and a rain cover in the lid.",
            },
            facts={
                "ru": (("Объём", "45 л"), ("Ткань", "нейлон 210D"), ("Вес", "1,38 кг")),
                "en": (("Volume", "45 l"), ("Fabric", "nylon 210D"), ("Weight", "1.38 kg")),
            },
        ),
        Product(
            key="duo2",
            drawing="tent",
            brand="Skarnfjell",
            model="Duo 2",
            gtin=_gtin(41),
            category=OUTDOOR,
            title={"ru": "Двухместная палатка Skarnfjell Duo 2", "en": "Skarnfjell Duo 2 two-person tent"},
            text={
                "ru": "Два входа, два тамбура, ставится за четыре минуты. Швы проклеены, дуги из алюминия.",
                "en": "Two doors, two porches, up in four minutes. Taped seams, aluminium poles.",
            },
            facts={
                "ru": (("Мест", "2"), ("Тент", "4000 мм"), ("Вес", "2,1 кг")),
                "en": (("Sleeps", "2"), ("Flysheet", "4000 mm"), ("Weight", "2.1 kg")),
            },
        ),
        Product(
            key="varm75",
            drawing="flask",
            brand="Skarnfjell",
            model="Varm 750",
            gtin=_gtin(42),
            category=OUTDOOR,
            title={
                "ru": "Термос Skarnfjell Varm 750, 0,75 л",
                "en": "Skarnfjell Varm 750 vacuum flask, 0.75 l",
            },
            text={
                "ru": "Чай остаётся горячим сутки. Крышка-чашка, пробка разбирается и моется.",
                "en": "Keeps tea hot for a day. The lid is a cup, the stopper comes apart for washing.",
            },
            facts={
                "ru": (("Объём", "0,75 л"), ("Колба", "нержавеющая сталь"), ("Вес", "410 г")),
                "en": (("Volume", "0.75 l"), ("Body", "stainless steel"), ("Weight", "410 g")),
            },
        ),
        Product(
            key="l1",
            drawing="lamp",
            brand="Lampra",
            model="L1",
            gtin=_gtin(50),
            category=OFFICE,
            title={"ru": "Настольная лампа Lampra L1", "en": "Lampra L1 desk lamp"},
            text={
                "ru": "Тёплый или холодный свет, плавная яркость, устойчивое чугунное основание.",
                "en": "Warm or cool light, stepless brightness, a steady cast-iron foot.",
            },
            facts={
                "ru": (("Свет", "2700–5000 K"), ("Мощность", "9 Вт"), ("Высота", "до 52 см")),
                "en": (("Light", "2700–5000 K"), ("Power", "9 W"), ("Height", "up to 52 cm")),
            },
        ),
        Product(
            key="flex",
            drawing="chair",
            brand="Stolvik",
            model="Flex",
            gtin=_gtin(51),
            category=OFFICE,
            title={"ru": "Рабочее кресло Stolvik Flex, сетка", "en": "Stolvik Flex mesh office chair"},
            text={
                "ru": "Сетчатая спинка, подвижные подлокотники и качание с настройкой под вес.",
                "en": "Mesh back, movable arm rests and a tilt that adjusts to weight.",
            },
            facts={
                "ru": (("Спинка", "сетка"), ("Нагрузка", "до 130 кг"), ("Гарантия", "5 лет")),
                "en": (("Back", "mesh"), ("Load", "up to 130 kg"), ("Warranty", "5 years")),
            },
        ),
    )
}
