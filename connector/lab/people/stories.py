"""The stories of the scripted consumers, customers of a small household goods shop."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """One consumer's conversation. Of several wordings, chance picks one.

    `opening`: wordings of the first texts, each one or more texts in a row, the first with `pictures` attached.
    `facts`: what the consumer answers when asked: words of the question (a regular expression), and the answer.
    `turns`: the next texts when a reply asks for none of the facts; each a tuple of wordings.
    `thanks`: the last text; a story that ends with STOP needs none.
    `epilogue`: a text much later, if any.
    """

    opening: tuple[tuple[str, ...], ...]
    facts: tuple[tuple[str, str], ...]
    turns: tuple[tuple[str, ...], ...]
    thanks: tuple[str, ...]
    epilogue: str = ""
    pictures: int = 0


STORIES = {
    "late parcel": Story(
        opening=(
            ("Hi, my parcel was meant to come on Tuesday and it still isn't here. Could you have a look please?",),
            ("Hello! Still waiting for Tuesday's parcel.", "Is it lost or just slow? 🙏"),
        ),
        facts=(
            (r"order|reference|tracking|number", "It's order 48213, placed on the 2nd."),
            (r"post ?code|zip|address", "94110, the blue door next to the bakery."),
            (r"name", "Maya Lindgren."),
        ),
        turns=(
            ("Ok! Should I stay home for it tomorrow, or can it go to the bakery next door? They know me.",),
            ("Perfect. And is the lamp packed separately? The box last time was huge 😅", "Great. One box or two?"),
        ),
        thanks=("Thank you so much, you've made my evening.", "Brilliant, thanks for sorting it so fast!"),
        epilogue="It's here and it's beautiful! Thank you again 💛",
    ),
    "opening hours": Story(
        opening=(
            ("Are you open on Sunday? I'd drive over from the coast, so better to ask first.",),
            ("Hi there, what are your opening hours this weekend?",),
        ),
        facts=((r"which (shop|store)|location|where", "The one by the harbour, with the red awning."),),
        turns=(
            ("And is there somewhere to park a small van?",),
            ("Wunderbar, dann bis Sonntag! Sorry, wrong language. See you on Sunday!",),
        ),
        thanks=("Thanks, that's all I needed.", "Cheers, very helpful."),
    ),
    "booking change": Story(
        opening=(
            (
                "Hello, we booked the pottery class for Saturday at 10, but my daughter has a match. "
                "Any chance of the afternoon?",
            ),
            ("Hi! Can I move our Saturday pottery class to the afternoon? There are three of us 👩‍👩‍👧",),
        ),
        facts=(
            (r"name", "Aisha Rahman, party of three."),
            (r"how many|people|seats", "Three of us: two grown-ups and one very keen nine-year-old."),
            (r"time|when|slot", "Any time after 2 would be lovely."),
            (r"booking (number|code|reference)|reference", "The booking says B-7730."),
        ),
        turns=(
            ("Oh that works! Do we need to bring aprons?", "Yes please, let's take that one. Aprons needed?"),
            ("She is going to be so happy 👩‍👩‍👧🎨",),
        ),
        thanks=("Thank you for being so flexible!", "You're a star. See you Saturday."),
    ),
    "letter": Story(
        opening=(
            (
                "Dear sir or madam, I bought one of your copper kettles for my wife's seventieth birthday in March, "
                "and I must say it has been the pride of our kitchen ever since. Last week, however, the lid began "
                "to rattle when the water boils, and yesterday the little knob on top came off in my hand. I have "
                "tried to press it back, but I am no longer as strong in the fingers as I used to be, and I would "
                "hate to damage it. Is this something your workshop could mend? I do not need a new kettle, we are "
                "fond of this one. I can bring it in any morning except Thursday, when I have my choir. With kind "
                "regards from both of us, and thank you for your patience with a long message, George Whitfield",
            ),
        ),
        facts=(
            (r"receipt|order|proof", "I have the receipt in the drawer: number 3391, dated 14 March."),
            (r"morning|when|which day|time", "Would Friday at half past nine suit you?"),
            (r"model|size|which kettle", "The two-litre one with the wooden handle."),
        ),
        turns=(
            (
                "That is most kind. Shall I leave the knob inside the kettle, or put it in an envelope with my name "
                "on it? My wife says an envelope, and she is usually right about such things.",
            ),
            ("And may I ask what it would cost, roughly?",),
        ),
        thanks=("Splendid. Thank you for your kindness. George",),
        epilogue="The kettle sings again. My wife sends her best wishes to the workshop. George",
    ),
    "broken mug": Story(
        opening=(
            ("Look what came out of the box this morning 😢 Second one in a row.",),
            ("", "That is how it came out of the box this morning 😢 Second one in a row."),
        ),
        pictures=1,
        facts=(
            (r"order|number|reference", "Order 50117, the set of four."),
            (r"which|colou?r", "The sea-green one."),
            (r"picture|photo|image", "The picture I sent shows the handle, the rest is in crumbs."),
        ),
        turns=(
            ("A new one would be lovely, no need for money back. Can you wrap it twice? 🙈",),
            ("Do you want the broken bits back?",),
        ),
        thanks=("That's really good of you, thanks!", "Thank you! Fingers crossed for number three 🤞"),
    ),
    "gift note": Story(
        opening=(
            (
                "Bonjour, it’s Renée. For my order I’d like the note to read: “Joyeux anniversaire, chère Zoë – "
                "à bientôt, Renée & François”. Is it possible with the accents?",
            ),
        ),
        facts=(
            (r"order|number|reference", "It’s order nº 50240, for delivery on the 19th."),
            (r"address|where", "12 allée des Peupliers – but it’s on the order already…"),
        ),
        turns=(
            ("Parfait ! And the ribbon in crème, s’il vous plaît?", "Très bien. Could the ribbon be crème?"),
            ("It’s for my sister, she’ll be forty – she’d never tell you herself 🤫",),
        ),
        thanks=("Merci mille fois, c’est très gentil.", "Merci beaucoup, à la prochaine!"),
    ),
    "odd confirmation": Story(
        opening=(
            (
                "Hey, your confirmation text looks broken on my side. It says "
                "[bold]Hello {first_name}[/bold], your table is "
                "\x1b[31mCONFIRMED\x1b[0m for [red]7pm[/red]. Is my table ok?",
            ),
        ),
        facts=(
            (r"name", "Sam Okafor, table for two."),
            (r"phone|device|app", "An old keypad phone, I kind of like it."),
            (r"when|date|day", "Friday, 7pm."),
        ),
        turns=(
            ("Phew. And could we sit by the window?",),
            ("Nice. Tell your developers <b>hi</b> from me, they owe you a coffee :)",),
        ),
        thanks=("Legend. See you Friday.", "Thanks for checking!"),
    ),
    "new address": Story(
        opening=(
            (
                "Hi, we're moving at the weekend and I completely forgot that our table is still on its way to the "
                "old flat. Can it go to 8 Orchard Lane instead, ground floor, ring at Perez? If that's too late, my "
                "brother could wait at the old place on Monday.",
            ),
        ),
        facts=(
            (r"order|number|reference", "Order 49902, the oak table with the two benches."),
            (r"zip|post ?code", "02139"),
            (r"name", "Carmen Perez, same as before."),
        ),
        turns=(
            ("Oh good. Does it still come on Monday then?",),
            ("Understood. There's a narrow stair, but it's only four steps.",),
        ),
        thanks=("Thank you, one less thing on the list!", "You're saving my week, thanks."),
        epilogue="Table is in, nobody hurt. Thanks for the kind drivers!",
    ),
    "safe place": Story(
        opening=(
            (
                "Good afternoon.\nI shall be out when your driver comes.\nPlease leave the parcel:\n"
                "1. with Mrs Bell at number 14, or\n2. in the green box behind the gate.",
            ),
        ),
        facts=(
            (r"order|number|reference", "Order 50302."),
            (r"post ?code|address", "16 Mill Row.\nThe house with the bicycles."),
            (r"when|time", "I leave at noon\nand come back at five."),
        ),
        turns=(("Thank you.\nThe gate sticks a little: lift, then push.",),),
        thanks=("Much obliged.\nB. Oduya",),
        epilogue="Parcel found in the green box.\nDry and in one piece.",
    ),
    "gift card": Story(
        opening=(("Hi!!", "Quick question", "Can I use two gift cards for one workshop?"),),
        facts=(
            (r"code|number|card", "One is GC-1188 and the other GC-2071, 25 each."),
            (r"which|workshop|class", "The candle one, next month."),
            (r"name|email", "Hannah Weiss 🙂"),
        ),
        turns=(
            ("Amazing", "And if I can't come, do I get them back?"),
            ("Okay cool, booking now!",),
        ),
        thanks=("Tysm!! 💕", "You're the best, thank you"),
    ),
    "refund": Story(
        opening=(
            ("I sent the rug back two weeks ago. No refund so far. What's going on?",),
            ("Where is my money for the rug? Sent back two weeks ago.",),
        ),
        facts=(
            (r"order|number|reference", "47655. It was in my first mail as well."),
            (r"receipt|tracking|proof", "Drop-off receipt says 9920-4471."),
            (r"card|account|bank|paid", "Paid by card, the one ending in 07."),
        ),
        turns=(
            ("And how long will that take?",),
            ("Fine. Will I get a confirmation?",),
        ),
        thanks=("Ok. Thanks for not giving me the runaround.", "Alright, thank you."),
        epilogue="Money's here. Thanks.",
    ),
    "had enough": Story(
        opening=(("You keep sending me offers for garden chairs. I live on the sixth floor. Can that stop?",),),
        facts=(
            (r"email|name", "Jonas, this number is all you need."),
            (r"order|number", "I have no order, just the offers."),
        ),
        turns=(("Honestly I'd rather not get any texts at all.",), ("STOP",)),
        thanks=(),
    ),
}
