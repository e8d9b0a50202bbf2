"""The words by which forms are told apart, in the languages of the shops we meet."""

import re


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


SEARCH = _words(
    r"search|поиск|найти|искать|suche|recherch|buscar|cerca\b|szukaj|hledat|ricerca|zoek|"
    r"\bfind\b|キーワード|検索|搜索|pesquis|busca\b|căut|keresés|søk"
)
SEARCH_NAMES = _words(
    r"(?:^|\| )(?:q|s|query|keywords?|search\w*|text|term|find|words?|searchword|st|ss|kw|"
    r"suche\w*|sstring|phrase)(?: |$)"
)
LOGIN = _words(
    r"log.?in|sign.?in|log.?on|signin|войти|вход|авториз|anmelden|einloggen|connexion|entrar|"
    r"acceder|accedi|zaloguj|identif|auth\b|iniciar|prihl|belép|로그인|登录|ログイン|account_login|"
    r"увійти"
)
REGISTER = _words(
    r"regist|sign.?up|create.{0,10}account|join\b|регистр|создать аккаунт|konto|inscri|crear|"
    r"iscriviti|rejestr|new.?(?:user|member|account|customer)|"
    r"create profile|zarejestruj|neukunde|créer|registrieren|cadastr|registrac|회원가입|注册|"
    r"зареєстр|account creat|signup"
)
PASSWORD = _words(
    r"forgot|forget|lost.?pass|reset|recover|восстанов|забыл|напомн|remind|vergessen|oubli|"
    r"olvid|dimenticat|passremind|restore|"
    r"retrieve|zapomnia|password.?request|recuper|passwort.?zur|new.?password|resend|zapomen|"
    r"elfelejtett|відновл|przypomn|reminder"
)
NEWSLETTER = _words(
    r"newsletter|subscri|подпис|рассылк|mailing.?list|abonn|suscri|mailchimp|mc-embedded|"
    r"\bnews\b|new arrivals|join our|email.?list|iscri|"
    r"wöchentlich|updates|sign up for|stay (?:in|up)|get .{0,20}(?:news|offers|deals)|notif|"
    r"новост|акци|скидк\w+ на|feedburner|odebíra|zapisz|sign.?up"
)
COMMENT = _words(
    r"comment|коммент|review|отзыв|rating|оцен|bewert|kommentar|reply|ответить|guestbook|"
    r"гостев|оставить отзыв|avis\b|opini|"
    r"wp-comments-post|respond|testimonial|rezension|recensi|product_reviews|leave a reply|"
    r"оставьте отзыв|rate this|дискусс"
)
CONTACT = _words(
    r"contact|контакт|обратн\w+ связ|feedback|связаться|связь|напи(?:шите|сать)|задать вопрос|"
    r"вопрос|kontakt|anfrage|nachricht|message us|"
    r"send (?:us )?(?:a )?(?:message|enquiry|inquiry|email)|enquir|inquir|ask|get in touch|"
    r"write (?:to )?us|отправить сообщение|письмо|обращени|support|"
    r"contatt|contáct|mailto|formmail|webform|form_result|question|help|service request|"
    r"écrire|rfq|quote|question|callback|request.?(?:info|form)|"
    r"richiedi|segnalazione|сообщение|оставить заявку|заявк|консультац|consult|reach us|talk to"
)
CALLBACK = _words(r"обратн\w+ звон|заказать звон|перезвон|callback|call.?(?:me|back)|звонок|rückruf|rappel")
ORDER = _words(
    r"cart|basket|korzin|корзин|checkout|order|купить|заказать|add.?to|buy|warenkorb|panier|"
    r"carrito|carrello|koszyk|bestell|kaufen|"
    r"оформ|заказ|один клик|one.?click|quick.?order|kosár|košík|bolsa|comprar|purchase|deal|"
    r"bid\b|booking|reserv|warenkob|zamow"
)
ORDER_STRONG = _words(
    r"add.?to.?(?:cart|basket|bag)|addtocart|cart/add|/cart|basket|in den warenkorb|в корзину|"
    r"ajouter au panier|buy.?now|checkout|add2cart|add_to_cart|cart_quantity|wishlist|"
    r"заказать|купить|оформить|order now"
)
QUANTITY = _words(
    r"(?:^|\| |_)(?:qty|quantity|quantite|menge|amount|count|anzahl|kolichestvo|product id|"
    r"add to cart|product|variant|products? id|cart quantity|item id|sku|article|offer id)\b"
)
FILTER = _words(
    r"filter|фильтр|sort|сортиров|refine|per.?page|limit\b|order.?by|price.?(?:min|max|from|"
    r"to)|цена от|min.?price|max.?price|arrfilter|set_filter|smartfilter|показать|view.?as|"
    r"display|pagesize|perpage|tri\b"
)
SHARE = _words(
    r"friend|share|друг|tell.?a|recommend|send.?to|forward|weiterempf|envoyer à|empfehl|amigo|refer"
)
VOTE = _words(r"poll|vote|опрос|голос|umfrage|survey|анкет")
LANGUAGE = _words(
    r"language|currency|язык|валют|sprache|country|region|locale|store.?switch|switch|город|"
    r"city.?select|devise"
)
PAGE_CONTACT = _words(
    r"contact|kontakt|contatt|feedback|obratn|svyaz|enquir|inquir|impressum|support|help|about"
)
PAGE_REGISTER = _words(r"regist|sign.?up|join|create|account/new|newuser|inscri|crear")
PAGE_PASSWORD = _words(r"forgot|lost.?pass|reset|recover|remind|passwor?d|vergessen|oubli|restore")
COMMENT_FIELD = _words(r"\bcomment|коммент|kommentar|comentario")
WEBSITE_FIELD = _words(r"(?:^|\| |\b)(?:website|url|homepage)\b")
FRIEND_FIELD = _words(r"email to\b|to email|friend|target email|recipient|your email.*friend|from email")
HELPFUL = _words(
    r"helpful|was this|hilfreich|полезн\w* (?:ли|страниц)|positiv|select issue|"
    r"report (?:an? )?(?:error|issue)|ошибк\w+ на сайте"
)
