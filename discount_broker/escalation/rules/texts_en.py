"""The texts the desk begins with, in English."""

from typing import Final

ATTEMPTS: Final = """\
{% if attempts %}
We have tried before, and have no answer yet:
{% for attempt in attempts %}
- {{ attempt.day }}: {{ attempt.what }}
{% endfor %}
{% elif unreached %}
So far none of our letters could reach you: we found no address that works.
{% endif %}
"""
SCRIPT: Final[dict[str, str]] = {
    "first_call": """\
Hello, my name is {{ operator }} and I work for {{ service }}. A buyer is ready to buy something from you, \
and I call on their behalf.

It is about: {{ product }}.\
{% if price_now %} Your site said {{ price }}, and says {{ price_now }} now.\
{% elif price %} Your site says {{ price }}.{% endif %} The buyer asks for {{ wish }}.\
{% if deadline %} They wait until {{ deadline }}.{% endif %}


{% if person %}
Last time I spoke with {{ person }}. May I speak with them again, or with whoever decides on prices?
{% else %}
Who decides on prices with you? I would like to speak with them.
{% endif %}
The number of the request is {{ number }}.
""",
    "promise": """\
{% if promise_by %}
On {{ promise_day }} I was told by {{ promise_by }} that we would hear from you by {{ promise_due }}. \
It did not come, and the buyer is still waiting.
{% else %}
On {{ promise_day }} your shop told us that we would hear from you by {{ promise_due }}. \
It did not come, and the buyer is still waiting.
{% endif %}

Has something come up? Could you answer right now? I can wait a minute.

Otherwise I would like to speak with whoever is responsible for orders. Who is that, please?
""",
    "send_a_mail": f"""\
{ATTEMPTS}
I will gladly write once more. To which address, please, and who reads it? I write the name into the \
subject, \
and call again if it does not arrive.

The letter holds a link. One press on it is enough to answer, without an account.
""",
    "wrong_person": """\
Thank you, then I will not keep you. Who is it that decides on prices or orders, and how do I reach them: \
a name, an extension, an e-mail address?

May I tell them that you referred me to them? What is your name, please?
""",
    "manager": f"""\
Thank you for taking the call. A buyer wants to buy {{{{ product }}}} from you and asks for {{{{ wish }}}}.

{ATTEMPTS}
I do not ask for much: a yes, a no, or your own terms. Another percentage, a price, free delivery, a bonus \
or a gift are all fine. I write it down now and the buyer has it in a minute.

If you cannot decide at once: by which day and hour may I count on an answer?
""",
    "supervisor": f"""\
Good day, my name is {{{{ operator }}}}, {{{{ service }}}}. I ask for you because I get no answer otherwise. \
It is about a buyer of yours, request {{{{ number }}}}: {{{{ product }}}}.

{ATTEMPTS}
{{% if promise_due %}}
On {{{{ promise_day }}}} {{% if promise_by %}}{{{{ promise_by }}}}{{% else %}}your shop{{% endif %}} said \
that we \
would hear from you by {{{{ promise_due }}}}. We did not.
{{% endif %}}

{{% if deadline %}}
The buyer waits until {{{{ deadline }}}}. \
{{% endif %}}
Can you decide it now, or tell me who will, and by when?
""",
    "refuses": """\
I understand. May I tell the buyer why? If this is already your lowest price, that is an answer too, and it \
may well be the best one they get.

Is there something else you could offer: free delivery, bonus points, a gift, a better price together with \
another item?

If not, I write down a no for this request, and nobody will bother you about it again. If you want no \
requests from us at all, say so, and we stop for good.
""",
    "who_are_you": """\
We are {{ service }}. Buyers tell us what they want to buy and which discount they would like, and we ask \
the shop for them. It costs you nothing and obliges you to nothing.

{% if company %}
The service is run by {{ company }}.
{% endif %}

The buyer is a real person who has confirmed the request by e-mail. I am not the buyer, and I do not buy \
for myself. You can read about us at {{ site_address }}.
""",
    "buyers_number": """\
{% if buyer_phone %}
The buyer allows it. The number is {{ buyer_phone }}.{% if best_time %} A good time to call: \
{{ best_time }}.{% endif %}


By when will you call? I will ask the buyer afterwards whether it worked out.
{% elif buyer_email %}
The buyer allows it, but has left no phone. The e-mail address is {{ buyer_email }}.
{% else %}
I may not pass it on: the buyer has not allowed it. As soon as they accept your offer you get their contact, \
with the number {{ number }}.

I can take your name and number instead, and give it to the buyer with your offer.
{% endif %}
{% if contact_wishes %}

The buyer asks: {{ contact_wishes }}
{% endif %}
""",
    "makes_offer": """\
Thank you. Let me repeat it, so that I write it down right: …

- Is this the price the buyer pays in the end? Is delivery in it?
- Until which day does it hold?
- Does it depend on anything: a code, a card, a way to pay?
- What should the buyer say or write when ordering? They have the number {{ number }}.

I send you a short page with what you said. One press on it, and the buyer has your offer. To which e-mail \
address, please?
""",
    "call_back": """\
Gladly. On which day and at what time, and whom do I ask for? I call again then.

{% if deadline %}
The buyer waits until {{ deadline }}.
{% endif %}
May I leave the number of the request with you, so that you have it at hand: {{ number }}.
""",
    "nobody": """\
When a machine answers: Hello, this is {{ operator }} of {{ service }}, for {{ shop }}. A buyer would like \
to \
buy {{ product }} from you, request {{ number }}. I call again.{% if attempts %} You also have a letter of \
ours, with a link to answer.{% endif %}


When nobody answers at all: write down “nobody answered”, and the desk calls again later.
""",
}
CANNED: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "mail": {
        "shop_nobody_answered": (
            "We called, nobody answered",
            """\
Hello,

we have called you about a buyer's request and could not reach anybody.

It is about: {{ product }}. The buyer asks for {{ wish }}.{% if deadline %} They wait until \
{{ deadline }}.{% endif %}


Please call or write to us, or answer with one press on the link in this letter. A no is an answer too.

{{ operator }}, {{ service }}
""",
        ),
        "shop_supervisor": (
            "A question to whoever decides",
            f"""\
Hello,

please pass this on to whoever decides on prices or orders.

A buyer would like to buy {{{{ product }}}} from you and asks for {{{{ wish }}}}.

{ATTEMPTS}
{{% if deadline %}}
The buyer waits until {{{{ deadline }}}}.
{{% endif %}}
May we count on a yes, a no, or your own terms? One press on the link in this letter is enough.

{{{{ operator }}}}, {{{{ service }}}}
""",
        ),
        "shop_promise_missed": (
            "What was promised has not come",
            """\
Hello,

{% if promise_due %}
on {{ promise_day }} {% if promise_by %}{{ promise_by }}{% else %}your shop{% endif %} told us that we \
would hear \
from you by {{ promise_due }}. It has not come, and the buyer is still waiting.
{% else %}
you were going to come back to us about this request. The buyer is still waiting.
{% endif %}

Has something come up? By when may we count on an answer?

{{ operator }}, {{ service }}
""",
        ),
        "shop_thank_you": (
            "Thank you for your help",
            """\
Hello,

thank you for your time on the phone about {{ product }}, request {{ number }}. We have told the buyer what \
you said.

{{ operator }}, {{ service }}
""",
        ),
        "buyer_still_waiting": (
            "Still no answer, and what happens next",
            """\
Hello,

{% if shop %}{{ shop }} has{% else %}the shops have{% endif %} not answered your request yet.

{% if attempts %}
This is what we have done so far:
{% for attempt in attempts %}
- {{ attempt.day }}: {{ attempt.what }}
{% endfor %}
{% endif %}

One of our people stays with it and calls again. We write to you as soon as there is news\
{% if deadline %}, and at the latest on {{ deadline }}{% endif %}.

{{ operator }}, {{ service }}
""",
        ),
        "buyer_shop_asks": (
            "The shop has a question",
            """\
Hello,

{{ shop }} has a question about your request for {{ product }}:

…

Simply answer this letter, and we pass it on.

{{ operator }}, {{ service }}
""",
        ),
        "buyer_thank_you": (
            "Thank you",
            """\
Hello,

thank you for letting us know. It helps us, and the next buyer too.

{{ operator }}, {{ service }}
""",
        ),
    },
    "sms": {
        "buyer_still_waiting": (
            "Still no answer",
            """\
{{ service }}: {% if shop %}{{ shop }} has{% else %}the shops have{% endif %} not answered request \
{{ number }} yet. \
We go on asking. {{ link }}
""",
        ),
        "buyer_shop_asks": (
            "The shop has a question",
            """\
{{ service }}: {{ shop }} has a question about request {{ number }}. Please look at your mail. {{ link }}
""",
        ),
        "buyer_thank_you": (
            "Thank you",
            """\
{{ service }}: thank you for letting us know about request {{ number }}.
""",
        ),
    },
}
