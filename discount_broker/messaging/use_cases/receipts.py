"""What is heard of a message after it left."""

from datetime import datetime
from uuid import UUID

from discount_broker.kernel.db import find_row
from discount_broker.kernel.errors import NotFound
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.operations import note_receipt
from discount_broker.messaging.status import DeliveryStatus, ReceiptKind


def take_receipt(
    delivery_id: UUID, kind: ReceiptKind, *, reference: str, detail: str, at: datetime, now: datetime
) -> DeliveryStatus:
    """Keep a receipt and draw its consequences; the same one twice, or in whatever order, ends the same.

    Raises:
        NotFound: no such message.

    """
    with transaction():
        delivery = find_row(Delivery, delivery_id, lock=True)
        if delivery is None:
            raise NotFound("delivery")
        note_receipt(delivery, kind, reference=reference, detail=detail, at=at, now=now)
        return delivery.status
