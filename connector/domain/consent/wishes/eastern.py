"""Wishes to be left alone in Polish, Czech, Russian, Ukrainian, Greek and Turkish. Unverified by native speakers."""

from __future__ import annotations

from connector.domain.consent.phrases import Wishes

POLISH = Wishes(
    language="Polish",
    ornament="proszę dziękuję już natychmiast teraz nie jestem zainteresowany zainteresowana dzień dobry państwo "
    "bardzo o",
    negations="mam dostaję",
    vocabulary={
        "wiadomości": "wiadomości|wiadomość|smsów|smsy|sms|sms_ów|reklam|reklamy|spamu|spam|powiadomień",
        "później": "teraz|przed|dopóki|jeśli|póki|dziś",
        "pisać": "pisać|wysyłać|dzwonić|nękać|kontaktować|przysyłać|spamować|smsować|mnie",
        "pisz": "pisz|piszcie|pisać|wysyłaj|wysyłajcie|wysyłać|przysyłaj|przysyłajcie|kontaktuj|kontaktujcie|dzwoń|"
        "dzwońcie|kontaktować|nękajcie",
    },
    phrases=(
        "przestań|przestańcie|przestać|przestaniecie|skończcie|skończ do_mnie|mi|mnie|już|wreszcie? {pisać}",
        "nie {pisz} do_mnie|mi|się_ze_mną|do_nas|tu|więcej|już -{później}",
        "nie {pisz} więcej|już? $",
        "nie {pisz} mi|do_mnie? więcej|już|żadnych? {wiadomości}",
        "usuń|usuńcie|usunąć|wykreśl|wykreślcie|skasuj|skasujcie|zapomnij mój|mnie|moje|ten|moj",
        "wypisz|wypiszcie|wyrejestruj|wyrejestrujcie mnie|nas",
        "żadnych|koniec|dość|stop|nigdy więcej|z? tych|waszych? {wiadomości}",
        "nie chcę|życzę|chce już|sobie|więcej|otrzymywać|dostawać|od_was|żadnych|waszych? już|więcej|otrzymywać|"
        "dostawać|"
        "waszych? {wiadomości}",
        "nie chcę|życzę|chce już|sobie? być kontaktowany|kontaktowana|nękany|nękana",
        "^^ to? jest? nękanie $$",
        "nie chcę|życzę|chce już|więcej? otrzymywać|dostawać|kontaktu",
        "zostaw|zostawcie|dajcie|daj|dać mnie|mi|nam|nas w? spokoju|spokój",
        "rezygnuję|rezygnuje z {wiadomości}|subskrypcji|usługi",
        "^ * pomyłka|zły_numer|błędny_numer|nieprawidłowy_numer $",
    ),
)

CZECH = Wishes(
    language="Czech and Slovak",
    ornament="prosím děkuji ďakujem už ihned hned dobrý den nemám zájem",
    negations="",
    vocabulary={
        "zprávy": "zprávy|zpráv|zprávu|sms|smsky|sms_ky|reklamy|reklamu|správy|spam",
        "psát": "psát|posílat|volat|obtěžovat|kontaktovat|písať|posielať|zasílat|otravovat",
    },
    phrases=(
        "přestaňte|přestaň|prestaňte|prestaň mi|mě|ma|nám|už|s? {psát}|{zprávy}",
        "nepište|nepiš|neposílejte|neposílej|nekontaktujte|nekontaktuj|nevolejte|neposielajte|nezasílejte|neobtěžujte "
        "mi|mě|"
        "už|více|ma? už|více|žádné|další? {zprávy}? $",
        "smažte|smaž|vymažte|vymaž|odstraňte|odstraň|vyřaďte mě|moje|mé|ma|číslo",
        "nechte|nech|dejte|dej mě|ma|mi byť|být|na_pokoji|pokoj",
        "odhlaste|odhlas|odhlašte mě|ma",
        "odhlásit|odhlasuji|odhlášení|odhlásiť $",
        "nechci|nepřeji_si|nechcem už|dostávat|žádné|další|od_vás|vaše|dostávať? už|další|žádné|vaše|dostávat? "
        "{zprávy}",
        "už|žádné žádné|další {zprávy}",
        "^ * špatné|zlé|nesprávné číslo $",
    ),
)

RUSSIAN = Wishes(
    language="Russian and Ukrainian",
    ornament="пожалуйста спасибо уже немедленно больше не интересно нет здравствуйте добрый день пж плиз вам "
    "я это будь ласка дякую",
    negations="",
    vocabulary={
        "сообщения": "сообщений|сообщения|смс|смсок|смски|рассылок|рассылки|рассылку|рассылка|рекламы|рекламу|спама|"
        "спам|уведомлений|повідомлень|писем|эсэмэс|смс_ок",
        "потом": "сейчас|пока|до|если|когда",
        "писать": "писать|слать|присылать|звонить|беспокоить|спамить|отправлять|рассылать|доставать|надоедать|писати|"
        "надсилати|турбувати|дзвонити|пишите|спам",
        "пишите": "пишите|пиши|присылайте|присылай|шлите|шли|звоните|звони|беспокойте|беспокой|отправляйте|отправляй|"
        "тревожьте|пишіть|надсилайте|турбуйте|дзвоніть|писать|присылать|звонить|слать|беспокоить|спамьте",
        "мне": "мне|меня|нам|больше|мне_больше|больше_мне|сюда|ничего|мені|мене|сюда_больше",
    },
    phrases=(
        "перестаньте|перестань|прекратите|прекрати|хватит|хорош|кончайте|припиніть|перестаньте|прошу_прекратить "
        "{мне}? {писать}",
        "перестаньте|прекратите|остановите|останови|хватит|стоп|никаких|больше_никаких|довольно ваших|мне|с|эти|ваши|"
        "больше? {сообщения}",
        "не {пишите} {мне} -{потом}",
        "не {пишите} $",
        "не {пишите} {мне}? {сообщения}",
        "не нужны|нужна|нужен|надо|интересны мне|больше|нам? ваши|ваша|эти|ваших? {сообщения}",
        "не надо|нужно|смейте мне? {писать}|больше|{сообщения}",
        "удалите|удали|уберите|убери|исключите|вычеркните|видаліть|сотрите|удалить меня|мой|мои|номер|мій|мене|этот",
        "отпишите|отпиши|отписать|отключите меня|от|рассылку",
        "^ отписаться|отпишись|отпишитесь|отписка|отказ|отстань|отстаньте|отвали|отвалите|отвяжитесь|отвяжись|"
        "отъебитесь|отпишите $$",
        "хочу отписаться|отказаться",
        "оставь|оставьте|залиште|залиш меня|нас|мене в|у покое|спокої",
        "не хочу|желаю|хотел_бы|буду больше|от_вас? получать|видеть|чтобы|отримувати",
        "не хочу|желаю больше|никаких|ваших|ваши {сообщения}",
        "отказываюсь|отказ от {сообщения}|вашей|получения",
        "^ * ошиблись|ошибка|ошибаетесь номером|номер $",
        "вы|ви|ты? ошиблись|помилились|ошибся номером|адресатом",
        "^ * не_туда|неверный|неправильный|не_тот номер|попали|пишете $",
        "^^ это? спам $$",
    ),
)

GREEK = Wishes(
    language="Greek",
    ornament="παρακαλώ ευχαριστώ πια τώρα δεν ενδιαφέρομαι άλλο",
    negations="",
    vocabulary={
        "στέλνετε": "στέλνετε|στέλνεις|στείλετε|στείλεις|στέλνεται|γράφετε|γράφεις|ενοχλείτε|ενοχλείς|καλείτε|"
        "ξαναστείλετε|ξαναστείλεις|παίρνετε|ενοχλήσετε",
        "μηνύματα": "μηνύματα|μήνυμα|sms|διαφημίσεις|μνμ",
    },
    phrases=(
        "σταμάτα|σταματήστε|σταματάτε|πάψτε να μου|με|μας|να? {στέλνετε}",
        "σταμάτα|σταματήστε τα|με_τα {μηνύματα}",
        "^^ σταμάτα|σταματήστε|φτάνει $$",
        "μη|μην μου|με|μας ξανά? {στέλνετε}",
        "όχι άλλα|πια {μηνύματα}",
        "δεν θέλω πια|άλλα|να_λαμβάνω|να_παίρνω|να_μου|τα_μηνύματα|μηνύματα",
        "διαγράψτε|διέγραψε|διαγράψετε|αφαιρέστε|βγάλτε|σβήστε|διαγραφή με|τον|το|μου",
        "^ * λάθος αριθμός|νούμερο|αριθμό $",
        "αφήστε|άσε|άστε|αφήνετε με|μας ήσυχο|ήσυχη|ήσυχους",
    ),
)

TURKISH = Wishes(
    language="Turkish",
    ornament="lütfen teşekkürler artık hemen rica ederim bir daha merhaba ilgilenmiyorum sağolun",
    negations="",
    vocabulary={
        "mesaj": "mesaj|sms|mesajı|mesajlar|mesajları|reklam|msj|ileti|smsleri|mesajlarınızı",
        "atma": "atma|atmayın|atmayınız|gönderme|göndermeyin|göndermeyiniz|yollama|yollamayın|yazma|yazmayın|"
        "istemiyorum|"
        "istemiyoruz|almak_istemiyorum|durdurun|durdur|kesin",
    },
    phrases=(
        "{mesaj} {atma}",
        "bana|bize bir_daha|artık|daha? {mesaj}? {atma}|ulaşmayın|yazmayın",
        "yazma|yazmayın|arama|aramayın|göndermeyin bana|artık|bir_daha",
        "artık|bir_daha {atma}|aramayın|rahatsız",
        "beni|numaramı|bizi listeden|listenizden|listeden_lütfen|rehberden? çıkar|çıkarın|sil|silin|çıkartın|"
        "siler_misiniz",
        "rahatsız etme|etmeyin|ediyorsunuz",
        "beni rahat bırak|bırakın",
        "abonelikten|listeden|üyelikten çık|çıkmak|çıkar|çıkarın|ayrılmak",
        "^ * yanlış numara $",
    ),
)

LANGUAGES = (POLISH, CZECH, RUSSIAN, GREEK, TURKISH)
