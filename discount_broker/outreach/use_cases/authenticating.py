"""Finding out ourselves whose mail it is, where nobody we trust has told."""

from uuid import UUID

from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.inbound.authentication import completed, lacks_proof
from discount_broker.outreach.models import InboundMail
from discount_broker.outreach.ports import MailAuthenticity


def authenticate_mail(inbound_mail_id: UUID, authenticity: MailAuthenticity) -> None:
    """Check who signed a mail that was kept and not read yet; name servers are slow."""
    content = _unproved(inbound_mail_id)
    if content is None:
        return
    found = authenticity.check(content)  # no transaction is open here
    with transaction() as session:
        mail = session.get_one(InboundMail, inbound_mail_id, with_for_update=True)
        if mail.read_at is None:
            mail.authentication = completed(mail.authentication, found)


def _unproved(inbound_mail_id: UUID) -> bytes | None:
    with transaction() as session:
        mail = session.get_one(InboundMail, inbound_mail_id)
        is_open = mail.read_at is None and lacks_proof(mail.authentication)
        return mail.content if is_open else None
