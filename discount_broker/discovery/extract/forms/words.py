"""The words by which forms and fields are told apart, in the languages of the shops we meet.

Each concept is a list of stems: `^` stands for the beginning of a text, `$` for its end, `_` for a blank. A
stem is looked for in single words and in short texts as a whole, whatever follows it in any language.
"""

import re
from functools import lru_cache

WORDS = re.compile(r"[A-ZА-ЯЁ]+(?![a-zа-яё])|[A-ZА-ЯЁ]?[^\W\d_A-ZА-ЯЁ]+")
"""Words of a text or of a name in code, camelCase parted."""

CONCEPTS: dict[str, str] = {
    # what a form is for
    "search": """
        paiešk ieškot meklē otsi traži търс vyhled vyhľad trazi finder search поиск найти искать пошук
        suche suchen recherch rechercher buscar busque ^busca cerca$ cercare szukaj wyszuk hledat hledan
        ricerca zoek ^find$ キーワード 検索 搜索 pesquis procurar căut keres søk sök haku αναζ ara$ ^ara_ tìm
        ค้นหา suggest livesearch autocomplete""",
    "query": """
        ^q$ ^s$ ^query ^keyword ^kw$ ^term$ ^terms$ ^find$ ^word$ ^words$ ^st$ ^ss$ ^phrase ^text$
        ^search""",
    "login": """
        openid oauth ^sso$ prisijung ielog pieslēg logi_sisse prijav přihláš đăng_nhập autentific
        conectare zaloguj social_login sociallogin login logon signin ^log_in ^sign_in ^log_on войти
        ^вход авториз anmeld einlogg connexion ^entrar acceder acced$ accedi zalogu identif ^auth
        iniciar_ses prihl přihl belép bejelent 로그인 登录 ログイン увійти inloggen logga_in kirjaudu giriş
        sign-in log-in logowan""",
    "register": """
        reģistr registruo membership novy_ucet nový_účet vytvor activat activar registrati đăng_ký
        daftar aktivier benutzer_anleg benutzer-anleg create_user newcustomer new_account anmeld_neu
        ich_bin_neu regist signup ^sign_up create_account create_an_account create_profile регистр
        создать_аккаунт ^konto inscri crear_cuenta iscriv rejestr newuser new_user newmember
        new_customer neukunde зареєстр cadastr 회원가입 注册 créer_un_compte become_a_member join_now kayıt
        opret_konto kundenkonto""",
    "password": """
        fpass lostpw lost_pw primink priminim pamirš aizmirs zaboravlj забрав uitat forgot forget
        lostpass lost_pass lost_your reset_pass resetpass recover восстан забыл напомн remind vergess
        oubli olvid dimentic restore_pass retriev zapomn passwordrequest recuper zurücksetz
        wachtwoord_verg zapomen elfelejt відновл przypom resend password_reset passwordreset reset_your
        glemt unohd""",
    "newsletter": """
        naujienl prenumer jaunum uudiskir bületen obavijest бюлетин abonare infusion mailerlite
        constantcontact icontact aweber newsletter subscri подпис рассыл mailing_list mailinglist
        maillist abonn abonner suscri mailchimp embeddedsub ^news$ newsl iscriv_alla ^updates$ stay_in
        stay_up sign_up_for join_our email_list новост odebír odebir zapisz odběr rassyl podpis
        feedburner notif subskryb biuletyn inskriv nieuwsbrief nyhedsbrev nyhetsbrev bülten hírlevél
        ricevi boletin boletín zpravodaj emailsignup list-manage klaviyo sendpulse unisender getresponse
        optin exclusive_offers erhalten_sie рассылк розсил""",
    "comment": """
        comment коммент review отзыв rating оцен bewert kommentar reply ответить guestbook гостев opini
        respond testimonial rezension recensi отклик відгук recenz komment коментар leave_a_reply otzyv
        opinión opinion yorum beoordeling gästebuch livre_d'or""",
    "contact": """
        contact контакт обратная_св обратной_св обратную_св feedback связат связь напиш написать задать
        задай вопрос kontakt anfrage nachricht message_us send_message send_a_message enquir inquir
        get_in_touch write_to_us write_us сообщени письм обращени contatt contáct formmail webform
        ask_a_question ask_us request_info request_a_quote quote rfq écrire écrivez richiedi segnalaz
        заявк консульт consult reach_us talk_to napisz pište zpráv kapcsolat üzen yhteyd scrivi mensaje
        mensagem mesaj iletişim formularz feedbck contactus kontaktform kontaktformular kontaktaufn wpcf
        gform forminator wpforms hbspt звʼяз зв'яз""",
    "callback": """
        callback call_back call_me callme перезвон обратный_звонок обратный_звон заказать_зв звонок
        zvonok rückruf rappel recall llamame llámame te_llamamos zadzwo передзвон order_call ordercall""",
    "order": """
        ^cart$ basket корзин korzin checkout ^order orders купить заказ закажи add_to addtocart tocart
        warenkorb panier carrito carrello koszyk bestell kaufen ^buy ^купи оформ один_клик oneclick
        one_click quickorder kosár košík comprar purchase ^bid$ booking reserv buynow addcart cart_
        ajouter_au wishlist zakaz zamów zamow winkelwagen lägg läg sepet бронир запис""",
    "quantity": """
        ^qty quantity quantit ^menge$ ^amount$ ^anzahl$ kolichestvo kolvo количеств ^count$ ^sku$
        variant productid product_id products_id item_id""",
    "filter": """
        filter фильтр ^sort сортир refine per_page perpage ^limit$ orderby order_by sortby min_price
        max_price pricemin pricemax цена_от показать ^view$ pagesize ^tri$ trier sortier facet подбор
        smartfilter""",
    "share": """
        friend ^share другу tell_a recommend send_to forward empfehl envoyer_à amigo ^refer znajom
        collega email_this emailthis поделит""",
    "vote": "^poll$ ^polls$ ^vote voting опрос голос umfrage survey анкет sondage ankiet encuesta",
    "locale": """
        language ^lang$ currency язык валют sprache ^locale$ storeswitch ^city$ select_region devise
        ^idioma ^waluta country_selector""",
    "helpful": """
        helpful was_this hilfreich полезн helpfulness report_an report_error ошибк report_abuse""",
    "job": """
        career vacanc вакан резюм resume ^cv$ lebenslauf bewerb candidat application_form
        job_application""",
    "send": """
        ^send submit отправ absenden senden envoy enviar invia wyślij wyslij odeslat odosla küld надісл
        verzend skicka lähetä gönder 送信 发送 ^send_""",
    "unsub": "unsubscri отпис abmelden desabon",
    "support": "support helpdesk ticket поддержк hilfe service_request",
    "about": """
        contact kontakt contatt feedback obratn svyaz svjaz enquir inquir impressum support ^help связ
        ask-us""",
    # what a field is for
    "email": """
        email e-mail ^mail mail$ почт correo courriel электрон ^эл имейл емейл мыло メール 邮箱 邮件 이메일
        skrzynk epost e-post sähköp ^e_mail пошт eposta""",
    "phone": """
        phone телефон ^tel$ ^tel_ ^tel^ telef téléf teléf mobile ^mobil handy rufnummer ^cell$ whatsapp
        вацап ватсап fone$ celular portable gsm 電話 电话 手机 전화 ^тел$ ^тел_ puhelin nummer$ phonenumber
        ^phon ^tél контактный_номер номер_тел номер_для tlf matkap tilphone""",
    "name": """
        ^name$ name$ ^name_ _name fullname yourname имя ^фио ^fio$ ^ф как_вас как_к_вам представ ^nom$
        ^nom_ nombre ^nome$ ^nome_ author sender contactname pseudo ^name jmeno jméno ^nume$ ^nume_ namn
        naam ^meno$ 이름 姓名 お名前 ansprechp обраща имени персона імʼя ім'я ^imię nimi$ isim ^navn
        контактное_лицо customer""",
    "first": """
        firstname first_name given_name givenname fname vorname prénom prenom ^imi forename vname
        keresztn etunimi förnamn fornavn voornaam ^first$""",
    "last": """
        lastname last_name surname family_name familyname lname nachname фамил apellido cognome
        nom_de_famille nazwisk sobrenome příjmení prijmeni priezvisk sukunimi efternamn etternavn
        achternaam прізвищ ^last$ familienn vezetékn""",
    "middle": "middle отчеств patronym second_name по_батькові",
    "subject": """
        subject ^тема ^tema betreff sujet asunto ^objet$ ^objet_ oggetto topic заголов ^title$ title_of
        reason inquirytype inquiry_type enquiry_type contact_type idcontact id_contact предмет ^temat
        department отдел nature_of anliegen причин assunto 件名 předmět predmet aihe ämne emne onderwerp
        konu тип_вопр тип_обр how_can_we category категори ^betr""",
    "message": """
        message сообщен коммент comment вопрос ^текст question enquiry inquiry nachricht mitteil anfrage
        mensaje messaggio описан ^body$ ^note пожелан detail descrip feedback ^text$ wiadomo treść
        mensagem bemerk remark zpráv zprav správ üzenet viesti meddel besked bericht mesaj повідомл
        howcan ^msg wunsch dotaz popis ihre_nach comentar commentaire review отзыв mensaj""",
    "ordernumber": """
        order_no order_num ordernumber order_id orderid номер_заказ bestellnummer bestellnr bestell-nr
        auftragsnum idorder id_order numéro_de_commande invoice_num номер_счет""",
    "consent": """
        consent agree соглас персональн политик обработк privacy policy ^terms ^tos$ gdpr dsgvo
        datenschutz ^agb accept услови оферт правил condicion condition rgpd regulamin zgod rules akzept
        einverst confirmo accetto j'accepte acepto acconsent ^cgu souhlas zásad tietosuoja samtyck
        personuppg""",
    "captcha": """
        captcha капч recaptcha hcaptcha turnstile securimage security_code securitycode security_image
        security_quest codesecur code_sécur verif_code verifycode verification verify antispam anti-spam
        anti_spam spamprot spamschutz код_с_ код_на_ код_из введите_код проверочн защитн символы
        control_code controlcode challenge confirmation_code confirm_code sicherheitsc sicherheitsf
        are_you_human not_a_robot не_робот magicword magic_word userconfirm verifynumb enter_the_code
        enter_the_letters enter_the_char shown_above ^code$ vvod цифр$ цифры_ codigo_de_seg antibot
        spam_check kontroln überprüf opište prepis picture image_text random imagecode""",
    "address": """
        address адрес street улиц ^city$ ^city_ _city город ^zip postal postcode post_code индекс
        country страна ^state$ ^state province region регион ^plz ^ort$ strasse straße ^house дом$
        квартир ^apt ville ciudad direcci indirizzo citt suburb municipal hausn stadt miasto ulica
        county ^pays town provincia endere cidade bairro ^cep$ localit adresse código_postal anschrift
        wohnort mesto$ ulice psč ^psc$ osoite katu область ^land$ адреса місто""",
    "company": """
        company organi organis фирм компани firma business empresa società societe société entrepr
        unternehm yritys företag bedrijf організ şirket""",
    "user": """
        username user_name userid user_id ^login логин benutzer nickname screen ^nick ^user$ utilisateur
        usuario""",
    "pass": "passw ^pass pwd парол contraseñ passwort mot_de_passe hasło heslo senha wachtwoord",
    "website": "website ^url$ homepage web_site ^site$ webseite ^web$ sitio ^url",
    "fax": "^fax факс telefax",
    "date": "^date ^day$ month ^year birth дата ^datum ^data$ fecha geburt когда ^time$",
    "gender": "gender ^sex$ anrede geschlecht salutation civilit anred ^title$ пол$ titul ^mr$",
    "file": "file upload attach файл anhang datei прикреп вложен fichier załącz",
    "coupon": "coupon promo voucher gutschein купон промокод invite referral",
    "optin": """
        newsletter mailing рассыл новост subscri подпис abonn suscri акци optin opt_in special_offer
        send_me sends_me receive_ angebot promotion marketing keep_me notify_me oktoemail rabatt
        informacje_handl reklam werb nieuwsbr ofertas news offers""",
    "token": """
        csrf xsrf ^token$ _token token_ sessid session nonce form_key formkey authenticity viewstate
        eventvalid requestverif form_build unit_tag security_hash signature ^hash$ params_hash ^sid$
        ^sid_ formid wpcf captcha_sid build_id""",
    "trap": """
        honey ^hp$ _hp$ _hp_ bottest hideit should_be_empty leave_blank leave_this leave_empty
        field_blank field_empty nospam nobot no_bot workemail ak_hp spamtrap не_заполн do_not_fill
        don't_fill dont_fill left_unch validation_purp if_you_are_human если_вы_чел leave_this_field
        оставьте_это оставьте_поле frei_lassen leer_lassen laisser_vide ubafs zips antispam_field
        botcheck bot-field bot_field mustbeempty form_spec gotcha pooh winnie url2 beehive ohnohoney""",
}


LONGEST_TEXT = 80


def _concepts_by_stem() -> dict[str, frozenset[str]]:
    """What a stem speaks of, and every shorter one that it begins with."""
    found: dict[str, set[str]] = {}
    for concept, stems in CONCEPTS.items():
        for stem in stems.split():
            found.setdefault(stem.replace("_", " "), set()).add(concept)
    return {
        stem: frozenset().union(*(found.get(stem[:length], ()) for length in range(1, len(stem) + 1)))
        for stem in found
    }


def _as_pattern(endings: list[str]) -> str:
    """A pattern of the longest of some words that share a beginning, letter by letter."""
    by_letter: dict[str, list[str]] = {}
    for ending in filter(None, endings):
        by_letter.setdefault(ending[0], []).append(ending[1:])
    branches = [re.escape(letter) + _as_pattern(rest) for letter, rest in by_letter.items()]
    if not branches:
        return ""
    return f"(?:{'|'.join(branches)})" + ("?" if "" in endings else "")


BY_STEM = _concepts_by_stem()
LONGEST_STEMS = re.compile(f"(?=({_as_pattern(list(BY_STEM))}))")
"""The longest stem at each place of a text: one walk over the text for all of them."""


@lru_cache(maxsize=30_000)
def concepts_of(text: str) -> frozenset[str]:
    """The concepts that a word or a short text, in lower case, speaks of."""
    found = LONGEST_STEMS.findall(f"^{text[:LONGEST_TEXT]}$")
    return frozenset().union(*[BY_STEM[stem] for stem in found])


def words_of(text: str) -> list[str]:
    return [word.lower() for word in WORDS.findall(text)]


STEM = 6


def stem_of(word: str) -> str:
    """The beginning of a word, that its endings leave alone."""
    return word[:STEM]
