"""Recognises bounces that no standard describes, by their sender, subject and words."""

import re

from discount_broker.outreach.inbound.letter import Mail

DAEMON = re.compile(
    r"mailer[-_. ]?d(?:a?e)mon|po+st[-_.]?master|mail[-_. ]?deliver|mdaemon|mail[-_. ]?system"
    r"|mail[-_. ]?administrator|delivery[-_. ]?(?:sub)?system|(?:^|<)(?:double-?)?bounces?[@+-]"
    r"|(?:^|<)(?:mta|mail-?server|smtp(?:-server)?|mmdf|uucp|mailagent|undeliver\w*)@",
    re.IGNORECASE,
)
SUBJECT = re.compile(
    r"undeliver|deliver(?:y|ed)?[ -]?(?:status|report|fail|error|problem|notification)|failure[ -]notice"
    r"|returned (?:e-?)?mail|mail (?:system )?error|bounced mail|(?:mail|message"
    r"|delivery)[\w ]{0,15}(?:fail|error|delay|return|bounce)|returning message|non[- ]?deliver"
    r"|could ?n[o']t be (?:sent|delivered)|failed mail|not deliverable|nondeliverable|error sending"
    r"|not delivered|warning: (?:message|could not|e-?mail)|delayed mail|bad address|rejected (?:mail"
    r"|message)|(?:mail|message) (?:rejected|refused|blocked|not accepted)|не (?:был[оа]? )?доставлен"
    r"|недоставлен|возвращ[её]н|ошибка (?:доставки|при доставке)|не может быть доставлен|сбой доставки"
    r"|не удалось доставить|помилка доставки|не доставлено|unzustellbar|nicht zugestellt|non (?:remis"
    r"|distribu|livr)|[ée]chec de (?:remise|la remise|distribution)|no (?:se ha podido )?entrega"
    r"|mancat[ao] (?:consegna|recapito)|niet bezorgd|onbestelbaar|niedostarcz|não (?:foi )?entreg"
    r"|nedoručiteln|配信|配送|不達|退信|退件",
    re.IGNORECASE,
)
STRONG = re.compile(
    r"(?:error|trouble|problem) (?:delivering|sending)|did not like our|does not like recipient|"
    r"(?:could|can|was|were|did)(?: ?not|n't|n.t) (?:be |been )?(?:deliver|sent? (?:to|the message))"
    r"|(?:unable|not able|failed|failure|attempt\w*|tried) (?:to|in) (?:be )?(?:deliver|send)|not (?:be"
    r"|been|yet been) delivered|cannot deliver|undeliver|deliver(?:y|ing)[^.\n]{0,40}(?:fail|error|problem"
    r"|delayed)|(?:delivery|message|mail)[^.\n]{0,40} (?:has |have )?failed|did not reach"
    r"|could not be reached|failed (?:recipient|address)|addresse?s?(?:\(es\))? failed"
    r"|address(?:es)? had (?:permanent|transient|delivery)|permanent (?:fatal )?(?:error|failure)"
    r"|returned (?:to sender|below|mail)|returned to you|(?:user|recipient|mailbox|account"
    r"|address)[^.\n]{0,30} (?:unknown|not found|does ?n.t exist|does not exist|is full|over quota"
    r"|disabled|unavailable)|(?:unknown|no such|invalid) (?:user|recipient|mailbox|address)"
    r"|не (?:был[оа]? |может быть )?доставлен|не удалось (?:доставить|отправить)|невозможно доставить"
    r"|нет такого (?:пользователя|ящика|адреса)|ящик[^.\n]{0,30}(?:не существует|не найден|переполнен)"
    r"|nicht zugestellt|unzustellbar|n'a pas pu [êe]tre|non recapitabil|no se ha podido entregar"
    r"|niet worden (?:bezorgd|afgeleverd)|nie mog\w+ (?:zosta[ćc]|by[ćc]) dostarcz|não pôde ser entreg"
    r"|配信できませ|届けることができませ|送信できませ|无法(?:投递|送达)|無法(?:投遞|送達)",
    re.IGNORECASE,
)
UNMISTAKABLE = re.compile(
    r"this is the (?:qmail|mail (?:system|delivery)|\S+ mail agent|\S+ program at)"
    r"|-+ transcript of session follows|this message was created automatically by (?:the )?mail"
    r"|the following address(?:es|\(es\))? (?:failed|had)|(?:delivery to|could not deliver"
    r"|unable to deliver)[^.\n]{0,40}(?:following|these) (?:recipient|address|user)"
    r"|did not reach the following recipient|i.m afraid i wasn.t able to deliver"
    r"|automatically generated delivery|following (?:recipient|address"
    r"|destination)[^.\n]{0,30}(?:could not|failed|was not|were not|cannot|rejected)|(?:could not"
    r"|cannot) be delivered to (?:the following|one or more)|письмо создано автоматически\s+сервером",
    re.IGNORECASE,
)
"""How servers begin, and nobody else."""
WEAK = re.compile(
    r"rejected|refused|quota|(?<!\d)[45]\d\d[ -][A-Z0-9]|(?<![\d.])[45]\.\d\.\d{1,3}(?![\d.])|error|fail"
    r"|not (?:accept|allow|permit)",
    re.IGNORECASE,
)
LIST_REFUSES = re.compile(
    r"not (?:a )?member|reject|ignored|loop|duplicated message-id|original mail as follows", re.IGNORECASE
)
"""A mailing list that takes no letter of ours, in the words of its server."""
SMTP_TALK = re.compile(
    r"(?<![\d.,])[45]\d\d[ -](?:[45]\.\d|[A-Z#<])|(?<![\d.])[45]\.\d\.\d{1,3}(?![\d.])"
    r"|RCPT TO|MAIL FROM|<<< |>>> |mailer|postmaster|recipient",
    re.IGNORECASE,
)
ORIGINAL_BEGINS = re.compile(
    r"^[ \t>|*]*(?:[-=*_]+ ?(?:this is (?:a|the)|(?:the )?original|below this line|unsent|message header"
    r"|header|returned|the body of|begin|included|copy of|transcript of session follows -+\s+-+ message"
    r"|forward)|message (?:headers?|text|contents?) follows?|(?:the )?original (?:message|mail"
    r"|headers?)\b[^.\n]{0,30}:?(?: follows?| as follows:?| is included.*|$)|(?:the|your) (?:text|header"
    r"|message)s? (?:you sent |is |are )?(?:of|follows?|included)|(?:included|attached|below|here"
    r"|following) is (?:a|the) (?:copy|text|first|original|returned|message|header)|a copy of (?:the"
    r"|your) (?:original )?(?:message|header)|headers of (?:the|your)|копия (?:исходного "
    r"|вашего )?(?:письма|сообщения)|исходное сообщение|заголовки|return-path:|received:|x-mailer:"
    r"|>?from \S+@\S+ )",
    re.IGNORECASE | re.MULTILINE,
)
REPLY_SUBJECT = re.compile(r"^\s*(?:re|aw|sv|antw?|ответ|на)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
FORWARDED_SUBJECT = re.compile(r"^\s*(?:fwd?|wg|tr|пересл\w*)\s*:", re.IGNORECASE)
LONGEST_NOTICE = 20_000
LEAST_WORDS = 40
BEGINNING = 300


def is_failure_notice(mail: Mail) -> bool:
    """Whether a mail server wrote this to say that a message of ours did not arrive."""
    if mail.has("X-Failed-Recipients") or mail.report_type == "delivery-status":
        return True
    is_said = SUBJECT.search(mail.subject) is not None and not _is_from_person(mail)
    is_daemon = _is_daemon(mail)
    return (is_daemon and is_said) or _is_told_by_words(mail, is_daemon=is_daemon, is_said=is_said)


def _is_daemon(mail: Mail) -> bool:
    # `From: <>` is a server; a letter without any From may be a person's.
    is_nobody = bool(mail.sender_line) and not mail.sender
    return is_nobody or DAEMON.search(mail.sender_line) is not None


def _is_from_person(mail: Mail) -> bool:
    """Whether somebody answers or passes on what a server may have written."""
    is_passed_on = FORWARDED_SUBJECT.match(mail.subject) is not None and not mail.is_from_nobody
    return is_passed_on or REPLY_SUBJECT.match(mail.subject) is not None


def _is_told_by_words(mail: Mail, *, is_daemon: bool, is_said: bool) -> bool:
    words, _ = split_notice(mail)
    if UNMISTAKABLE.search(words[:BEGINNING]) and not _is_from_person(mail):
        return True
    if mail.has("X-MLServer") and LIST_REFUSES.search(f"{mail.subject} {words}"):
        return True
    is_strong = STRONG.search(words) is not None
    if is_daemon or (mail.is_from_nobody and is_said):
        return is_strong or WEAK.search(words) is not None
    # Shops deliver goods, too, and write about it: without a server's voice it is a person's letter.
    return is_strong and (mail.is_from_nobody or (is_said and SMTP_TALK.search(words) is not None))


def split_notice(mail: Mail) -> tuple[str, str]:
    """The words of the notice, and the message that came back below them."""
    texts = mail.plain_texts
    if not any(text.strip() for text in texts):
        texts = mail.html_texts
    text = "\n".join(texts)[: 2 * LONGEST_NOTICE]
    for original in ORIGINAL_BEGINS.finditer(text):
        # A notice that begins with headers has no words of its own above them.
        if len(text[: original.start()].strip()) > LEAST_WORDS:
            return text[: original.start()][:LONGEST_NOTICE], text[original.start() :]
    return text[:LONGEST_NOTICE], ""
