"""Wishes to be left alone in German, Dutch and the Nordic languages. Unverified by native speakers."""

from __future__ import annotations

from connector.domain.consent.phrases import Wishes

GERMAN = Wishes(
    language="German",
    ornament="bitte danke kein interesse sofort endlich jetzt ich habe hallo guten tag vielen dank nein ab mal das ist "
    "mehr und sie ihr",
    negations="habe hab sind gibt bekomme kriege erhalte kommen nicht",
    vocabulary={
        "hören": "hör|hört|hören|höre|hoeren|hoer",
        "sie": "sie|ihr|bitte|sie_bitte|doch|doch_bitte|endlich|sie_endlich|mal",
        "mir": "mir|mich|uns|an_mich|mir_bitte|mich_bitte|uns_bitte",
        "schreiben": "schreiben|kontaktieren|anschreiben|anrufen|belästigen|texten|nerven|simsen|stören|senden|"
        "schicken|"
        "zuschicken|zusenden|zu_schreiben|zu_kontaktieren|zu_schicken|zu_senden|zu_belästigen|zu_nerven|anzuschreiben",
        "schreib": "schreib|schreiben|schreibt|schreibe|kontaktiere|kontaktieren|kontaktiert|send|sende|senden|sendet|"
        "schick|schicke|schicken|schickt|belästigen|belästigt|ruf|rufen|ruft|stören|stört|nervt",
        "nachricht": "nachricht|nachrichten|sms|werbung|mitteilungen|mitteilung|textnachrichten|spam|whatsapp|kontakt|"
        "werbe_sms|infos|benachrichtigungen|smsen|newsletter|anrufe",
        "lösch": "lösch|löschen|löscht|lösche|loeschen|loesch|entfern|entfernen|entferne|entfernt|streich|streichen|"
        "streicht|nehmen|nehmt|nimm",
        "nummer": "nummer|telefonnummer|handynummer|daten|kontaktdaten|nr|kontakt|rufnummer|mobilnummer",
    },
    phrases=(
        "{hören} {sie}? auf|auf_. {mir}? {schreiben}",
        "{hören} {sie}? auf|auf_. mit|damit|mir",
        "^^ {hören} {sie}? auf $$",
        "{schreib} {sie}? {mir} nicht|nie|nichts|keine mehr|wieder|weitere",
        "{schreib} {sie}? {mir} nicht|nie|nichts|keine|bitte_keine|bitte_nicht weitere|weiteren? {nachricht}? mehr",
        "nicht|nie|nichts mehr|wieder|weiter {schreiben}",
        "ruf|ruft|rufen sie|ihr? mich|uns bitte? nicht mehr|wieder? an",
        "^^ aufhören|aufhoeren $$",
        "unterlassen|unterlasst|unterlasse sie|ihr|es|bitte? * {nachricht}|kontaktaufnahme|kontaktaufnahmen|"
        "kontaktversuche",
        "^^ das? ist? belästigung $$",
        "aus dem|ihrem|eurem verteiler|newsletter|liste streichen|entfernen|nehmen|löschen",
        "keine|keinerlei|kein|keinen weiteren|weitere|neuen|solche|eurer|ihrer? {nachricht} mehr",
        "^ keine|keinerlei|kein weiteren|weitere|solche? {nachricht} $",
        "will|möchte|wünsche|wollen|brauche keine|keinerlei|nichts|keinen mehr|weiteren|weitere|solche? {nachricht}",
        "will|möchte nichts mehr von|hören",
        "stop|stopp|stoppt|stoppen|schluss|genug sie|ihr? mit|die|diese|den|der|dem|bitte? {nachricht}",
        "^ stopp|stop $",
        "{lösch} {sie}? meine|diese|die|bitte_meine {nummer}",
        "{lösch} {sie}? mich|uns bitte|sofort? aus|von * liste|verteiler|datenbank|kartei|adressliste|system|"
        "verteilerliste",
        "{lösch} {sie}? mich|meine_nummer|uns raus|bitte|heraus|sofort? $",
        "lass|lassen|lasst|lasse sie|ihr|bitte? mich|uns bitte|endlich? in ruhe|frieden",
        "^ * abmelden|abbestellen|austragen|abmeldung|abbestellung $",
        "mich|uns bitte? abmelden|austragen|abzumelden",
        "melden|meld|meldet|tragen|trage sie? mich|uns bitte? ab|aus",
        "widerspreche|widerrufe|untersage * werbung|einwilligung|kontaktaufnahme|nachrichten|zusendung",
        "^ * falsche|falschen nummer|person|empfänger $",
        "haben|habt|hast sie|ihr|du? die|wohl|eine falsche nummer",
        "^ falsch verbunden $",
    ),
)

DUTCH = Wishes(
    language="Dutch",
    ornament="aub alstublieft alsjeblieft svp graag bedankt dank je u wel nu direct meteen geen interesse hallo hoi "
    "nee "
    "dit is",
    negations="heb krijg ontvang niet",
    vocabulary={
        "bericht": "bericht|berichten|berichtjes|sms|smsjes|smsen|sms_en|sms_berichten|reclame|spam|appjes|meldingen",
        "sturen": "sturen|sms_en|smsen|sms|berichten|appen|contacteren|benaderen|mailen|bellen|lastigvallen|versturen",
    },
    phrases=(
        "stop|stoppen|hou|houd|houdt alstublieft|aub|op|nu? met|mij|me * {sturen}|{bericht}",
        "stop|stoppen met|mij|me|deze|de|die|al_die? {bericht}",
        "geen|nooit verdere|meer|enkele|nieuwe? {bericht} meer",
        "^ geen {bericht} $",
        "stuur|sturen|sms|smsen|app mij|me|ons geen|niet|niets|niks|nooit {bericht}? meer",
        "niet|nooit meer|langer {sturen}|gecontacteerd|benaderd",
        "wil|wens|wensen geen|niet|niets * meer ontvangen|{bericht}|krijgen|hebben",
        "wil|wens geen verdere|meer? {bericht}",
        "neem geen|niet contact meer",
        "laat mij|me|ons met rust",
        "verwijder|verwijderen|schrap|wis|haal mij|me|mijn|ons|dit van|uit|nummer|gegevens|telefoonnummer",
        "^ * afmelden|uitschrijven|afmelding $",
        "meld|schrijf mij|me|ons af|uit",
        "^ * verkeerd|fout|verkeerde nummer|persoon $",
        "val|vallen mij|me|ons niet|nooit meer? lastig",
    ),
)

SWEDISH = Wishes(
    language="Swedish",
    ornament="tack snälla vänligen nu genast hej nej är inte intresserad",
    negations="har får fått",
    vocabulary={"sms": "sms|meddelande|meddelanden|meddelandena|reklam|spam|texter|mess|utskick"},
    phrases=(
        "sluta|upphör att|med|genast? skicka|sms|smsa|messa|kontakta|höra|spamma|skriva|ringa|störa|{sms}|sända",
        "^^ sluta $$",
        "inga|inget fler|mer|flera {sms}",
        "skicka|skriv|kontakta|smsa|sms|messa inte|inga|ej|aldrig mig? mer|fler|igen|till? mig|{sms}?",
        "ta bort mig|mitt|det|numret",
        "radera|stryk|avregistrera|avanmäl|avsluta mig|mitt|min|numret",
        "lämna|låt mig|oss ifred|i_fred|vara",
        "vill inte längre|ha|få|bli|motta fler|mer|era|dessa|kontaktad|några? {sms}?",
        "^ * fel nummer|person $",
    ),
)

NORWEGIAN = Wishes(
    language="Norwegian and Danish",
    ornament="takk tak vennligst venligst nå nu hei hej nej nei er ikke interessert interesseret mange gerne snarest",
    negations="har får fået",
    vocabulary={
        "sms": "sms|meldinger|melding|beskeder|besked|beskederne|reklame|spam|tekster|sms_er|smser",
        "sende": "sende|sms|smse|kontakte|texte|tekste|mase|skrive|ringe|spamme|forstyrre",
    },
    phrases=(
        "slutt|slut|stop|stopp|hold med|op|å|at|opp|og|nå|nu? med? at|å? {sende}",
        "slutt|stop|stopp med? {sms}|disse|de|alle_de {sms}?",
        "^^ slutt|hold_op $$",
        "ingen|ikke flere|fler {sms}",
        "ikke|aldrig|aldri send|sende|kontakt|kontakte|tekst|sms|skriv|skrive meg|mig|til_mig|til_meg|flere|mer|mere "
        "{sms}?",
        "send|skriv|kontakt|sms ikke|aldrig|aldri|mig_ikke|meg_ikke mer|mere|flere|til|meg|mig",
        "fjern|slett|slet|stryk meg|mig|nummeret|nummeret_mitt|mit|mitt",
        "meld|avmeld|afmeld|frameld meg|mig",
        "la|lad meg|mig|oss|os være|i_fred|vaere",
        "vil|ønsker|ønske ikke lenger|længere|ha|have|motta|modtage|få * {sms}",
        "^ * feil|forkert|forkerte nummer|person|nummeret $",
    ),
)

FINNISH = Wishes(
    language="Finnish",
    ornament="kiitos ole hyvä olkaa nyt heti moi hei en ole kiinnostunut",
    negations="",
    vocabulary={
        "viesti": "viestit|viestejä|viestien|viesti|viestiä|tekstiviestejä|tekstarit|tekstareita|tekstiviestit|"
        "tekstiviestien|mainoksia|mainokset|mainosten|näitä|näiden",
    },
    phrases=(
        "lopeta|lopettakaa|lopettaisitko|lopettaisitteko {viesti}|lähettäminen|lähettely|viestittely|tämä",
        "älä|älkää enää? lähetä|lähettäkö|laita|laittako|ota|ottako|tekstaa|häiritse|häiritkö",
        "ei enää|lisää {viesti}",
        "en halua enää? saada|vastaanottaa? enää|teidän|näitä? {viesti}",
        "poista|poistakaa|poistaisitko minut|numeroni|mun|numero|tämä|tiedot",
        "jätä|jättäkää minut|mut|meidät rauhaan",
        "^ * väärä numero $",
    ),
)

LANGUAGES = (GERMAN, DUTCH, SWEDISH, NORWEGIAN, FINNISH)
