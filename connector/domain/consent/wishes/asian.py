"""Wishes to be left alone in Arabic, Hebrew, Hindi, Indonesian and Vietnamese. Unverified by native speakers."""

from __future__ import annotations

from connector.domain.consent.phrases import Wishes

ARABIC = Wishes(
    language="Arabic",
    ornament="من فضلك فضلكم رجاء لو سمحت سمحتم شكرا الان يا اخي خلاص عافاك عافاكم ارجو بعد اليوم مرة ثانية تاني اخرى",
    negations="",
    vocabulary={
        "لا": "لا|ما|لا_عاد|لاعاد|ماعاد|بلاش|بدون|ارجو_ان_لا|ارجو_الا",
        "رسائل": "رسائل|رسايل|الرسائل|الرسايل|رسالة|رساله|مسجات|المسجات|الميساجات|ميساجات|اعلانات|الاعلانات|إعلاناتكم|"
        "رسائلكم|رسايلكم|sms",
        "توقف": "توقف|توقفوا|توقفي|وقف|وقفوا|وقفو|اوقف|اوقفوا|أوقفو|كفى|كفاية|يكفي|بطل|بطلوا|حبس|حبسو|باراكا|باركا|"
        "كفوا",
        "تراسلني": "تراسلني|تراسلوني|تراسلنا|تراسلونا|تزعجني|تزعجوني|تزعجونا|تكلمني|تكلموني|تتواصلوا_معي|تتواصل_معي|"
        "تتواصلون_معي|ترسلولي|ترسلي|تبعتلي|تبعتولي|تبعثلي|تبعثولي|تضايقني|تضايقوني",
        "مراسلتي": "مراسلتي|مراسلتنا|إرسال|ارسال|الإرسال|إزعاجي|ازعاج|الإزعاج|التواصل|الاتصال|الكتابة|إزعاج",
        "لاحقا": "الان|قبل|حتى|اليوم|بكرة|غدا|الشحنة|الطلب",
    },
    phrases=(
        "{لا} {تراسلني} -{لاحقا}",
        "{لا} ترسل|ترسلوا|ترسلون|ترسلو|تبعت|تبعث|تكتب|تكتبوا|تكتبون لي|لنا|لي_اي|الي? {رسائل}|شي|شيء|مرة|اي|المزيد|بعد",
        "{لا} ترسل|ترسلوا|ترسلون لي|لنا|مرة|اي $",
        "{لا} ترسل|ترسلوا|ترسلون $",
        "{لا} تتصل|تتصلوا|تتواصل|تتواصلوا بي|معي -{لاحقا}",
        "{لا} اريد|ارغب|ابي|ابغى|ابغي|بدي|نبي|احتاج في? استلام|تلقي|اي|المزيد|من|منكم? اي|من? {رسائل}",
        "مش|مو|ماني|انا_مش عايز|عاوز|عايزة|ابي|عايزين اي|المزيد? {رسائل}|حاجة_منكم",
        "ما بغيت|بغيتش * {رسائل}",
        "متبعتليش|ماتبعتليش|متبعتوليش|ماتبعتوليش|متبعثليش|ماتصيفطليش|ماتصيفطش|متراسلنيش|ماتراسلنيش|متكلمنيش",
        "ماتبقاش|ماتبقاوش|ماتعاودش|ماتعاودوش|تبقاش تصيفط|تصيفطلي|تصيفطو|تبعث|تبعثو",
        "{توقف} عن? {مراسلتي}",
        "{توقف} من? هاد|هذه|هذي|عليا? {رسائل}",
        "عدم|التوقف_عن|وقف|ايقاف مراسلتي|ازعاجي|الإزعاج|ارسال|إرسال|التواصل|الاتصال|{رسائل}",
        "^^ توقفوا|كفى|كفاية|توقف|ستوب|باراكا $$",
        "احذف|احذفوا|امسح|امسحوا|شيل|شيلوا|إلغاء|الغوا|الغ|ألغي رقمي|اشتراكي|الاشتراك|بياناتي|هالرقم",
        "احذفني|احذفوني|امسحني|امسحوني|شيلني|شيلوني|ازلني من",
        "^ احذفني|احذفوني|امسحني|شيلني|شيلوني $",
        "خلني|خلوني|اتركني|اتركوني|سيبني|سيبوني|دعني|دعوني وشأني|في|بحالي|لوحدي|وشاني",
        "ابعد|ابعدوا|حل|حلوا عني|عنا",
        "^ * رقم|الرقم غلط|خطا|خطأ|خاطئ $",
    ),
)

HEBREW = Wishes(
    language="Hebrew",
    ornament="בבקשה תודה מיד עכשיו די לא מעוניין מעוניינת שלום רבה",
    negations="",
    vocabulary={
        "הסר": "הסר|הסירו|הסירי|תסיר|תסירו|תסירי|להסיר|הסרה|תוריד|תורידו|הורידו|תמחק|תמחקו|תמחקי|מחק|מחקו|למחוק",
        "תשלח": "תשלח|תשלחו|תשלחי|תכתוב|תכתבו|תכתבי|תסמס|תסמסו|תפנו|תפנה|תתקשר|תתקשרו|תטריד|תטרידו|לשלוח",
        "הודעות": "הודעות|הודעה|סמסים|סמס|פרסומות|ספאם|ההודעות|מסרונים",
    },
    phrases=(
        "{הסר} אותי|אותנו|את|מרשימת|מהרשימה|מספר|מרשימה",
        "^ {הסר} $",
        "תפסיק|תפסיקו|תפסיקי|הפסק|הפסיקו|להפסיק|מספיק כבר? {תשלח}|להטריד|לסמס|לכתוב|עם|{הודעות}|לחפור",
        "^^ תפסיק|תפסיקו|הפסק|הפסיקו|עצור|די $$",
        "אל|לא|בלי {תשלח} לי|אלי|אליי|יותר|הודעות|לנו|עוד|אותי",
        "לא רוצה|מעוניין|מעוניינת לקבל|יותר|עוד|מכם? יותר|עוד|מכם|את? {הודעות}",
        "לא רוצה|מעוניין|מעוניינת לקבל יותר|מכם",
        "עזוב|עזבו|תעזוב|תעזבו|עזבי אותי|אותנו",
        "^ * מספר|טעות שגוי|במספר|לא_נכון $",
    ),
)

HINDI = Wishes(
    language="Hindi",
    ornament="कृपया प्लीज धन्यवाद अब please pls bhai sir",
    negations="",
    vocabulary={
        "संदेश": "मैसेज|मेसेज|संदेश|एसएमएस|sms|message|msg|messages|मैसेजेस",
        "मत": "मत|न|ना|mat|na",
        "करो": "करो|करें|कीजिए|करिए|कर|करना|भेजो|भेजें|भेजिए|भेजना|भेजा|karo|kro|bhejo|bhejna|karna|kijiye|bhejiye|kar",
    },
    phrases=(
        "{संदेश} {मत} {करो}",
        "{संदेश} भेजना|करना|bhejna|karna|आना? बंद|band|rok करो|करें|कीजिए|कर|karo|kro|kar|do",
        "बंद|band करो|karo|kro ये|यह|yeh|ye? {संदेश}",
        "संपर्क|फोन|कॉल|परेशान|तंग|contact|call|disturb|pareshan {मत} {करो}",
        "मेरा|mera|मुझे नंबर|number|लिस्ट_से|list_se हटा|हटाओ|हटाएं|डिलीट|hatao|hata|delete|remove|nikal",
        "नहीं चाहिए|चाहता कोई? {संदेश}",
        "कोई|और {संदेश} नहीं|मत",
        "^ * गलत|galat|wrong नंबर|number $",
    ),
)

INDONESIAN = Wishes(
    language="Indonesian and Malay",
    ornament="tolong mohon terima kasih makasih ya pak bu sekarang lagi saya tidak tertarik trims",
    negations="",
    vocabulary={
        "kirim": "kirim|kirimi|kirimkan|mengirim|mengirimi|ngirim|sms|wa|chat|hubungi|menghubungi|ganggu|mengganggu|"
        "hantar|"
        "menghantar|kontak|spam",
        "pesan": "pesan|sms|spam|iklan|promo|mesej|chat|wa|pesan_lagi",
    },
    phrases=(
        "berhenti|stop|setop|hentikan {kirim}|{pesan}",
        "jangan lagi|pernah? {kirim} saya|aku|lagi|kami|ke_sini|gue|gw|{pesan}",
        "jangan {kirim} $",
        "^^ hentikan $$",
        "hentikan ini|semua? {pesan} ini?",
        "hapus|padam|delete nomor|nomer|no|nombor|kontak saya|ini|aku",
        "tidak|gak|ga|tak|nggak mau|ingin|nak terima|menerima|dapat? {pesan} lagi?",
        "keluarkan|hapus|coret saya|aku dari",
        "^ * salah nomor|nomer|sambung|orang|nombor $",
    ),
)

VIETNAMESE = Wishes(
    language="Vietnamese",
    ornament="xin vui lòng cảm ơn nữa ngay làm ơn",
    negations="",
    vocabulary={"tin": "tin|tin_nhắn|sms|quảng_cáo"},
    phrases=(
        "đừng|ngừng|ngưng|dừng|thôi nhắn|gửi|gởi tin|cho_tôi|sms|nữa|quảng_cáo",
        "đừng|ngừng|ngưng làm_phiền|liên_lạc|liên_hệ|gọi",
        "xóa|xoá|bỏ số của|tôi|này|điện_thoại",
        "không muốn|nhận nhận thêm? {tin}",
        "không nhận {tin} nữa",
        "không liên|gọi|nhắn|gửi lạc|tin|hệ? nữa",
        "để tôi|mình|tao|em yên",
        "hủy|huỷ đăng ký",
        "từ chối nhận",
        "^ * nhầm|sai số $",
    ),
)

LANGUAGES = (ARABIC, HEBREW, HINDI, INDONESIAN, VIETNAMESE)
