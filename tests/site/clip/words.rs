//! Texts in several languages, long enough to tell which they are.

/// A text as paragraphs of HTML.
pub(crate) fn paragraphs(text: &str) -> String {
    format!("<p>{}</p>", text.replace("\n\n", "</p><p>"))
}

pub(crate) const ENGLISH: &str = "The talks began on Sunday morning in the old town beside the \
lake, where ministers of both countries met for the first time since the war had ended and promised \
to go on until an agreement was reached, said their spokesmen to the press.

After lunch the delegations met again to speak of prisoners and of the roads on which people could \
go home before the winter came, and both sides said that they were content with what had been \
reached on the first day of their work together.

Nobody expects that the talks will end this week, but a first paper of common points may be \
published on Friday, when the ministers leave the town for their capitals and their deputies go on \
with the details that were left open on the first three days.";

pub(crate) const RUSSIAN: &str = "Переговоры о мире начались в воскресенье утром в старом городе у \
озера, и министры обеих стран сказали журналистам, что они надеются на скорое соглашение, хотя \
впереди ещё много трудных вопросов.

После обеда делегации встретились снова, чтобы обсудить обмен пленными и открытие дорог, по которым \
люди смогут вернуться в свои дома до наступления зимы, сообщает корреспондент газеты, который \
находится на месте событий с самого начала.

Никто не ждёт, что переговоры закончатся на этой неделе, но первый документ может быть опубликован \
в пятницу, когда министры уедут в свои столицы, а их заместители продолжат работу над теми \
вопросами, которые остались открытыми после первых трёх дней.";

pub(crate) const POLISH: &str = "Rozmowy pokojowe rozpoczęły się w niedzielę rano w starym mieście \
nad jeziorem, gdzie ministrowie obu krajów spotkali się po raz pierwszy od zakończenia wojny i \
obiecali, że będą rozmawiać, aż osiągną porozumienie, powiedzieli dziennikarzom rzecznicy.

Po obiedzie delegacje spotkały się ponownie, żeby mówić o więźniach i o drogach, którymi ludzie będą \
mogli wrócić do domów przed nadejściem zimy, a obie strony powiedziały, że są zadowolone z tego, co \
udało się osiągnąć pierwszego dnia.";

pub(crate) const JAPANESE: &str = "平和についての話し合いは日曜日の朝、湖のほとりにある古い町で始まり、両国の大臣は\
戦争が終わってから初めて顔を合わせ、合意に達するまで話し合いを続けることを約束したと、報道官が記者団に語った。

昼食の後、両国の代表団は再び集まり、捕虜の交換と、冬が来る前に人々が家に帰ることのできる道路について話し合った。\
双方とも最初の一日の成果に満足していると述べた。今週中に話し合いが終わると考えている人はいないが、金曜日には最初の\
文書が発表されるかもしれない。";

pub(crate) const ARABIC: &str = "بدأت محادثات السلام صباح يوم الأحد في المدينة القديمة على ضفاف البحيرة، \
حيث التقى وزراء البلدين للمرة الأولى منذ انتهاء الحرب ووعدوا بمواصلة الحوار حتى يتم التوصل إلى اتفاق، \
كما قال المتحدثون باسمهم للصحافة في نهاية اليوم الأول.

وبعد الغداء اجتمعت الوفود مرة أخرى للحديث عن الأسرى وعن الطرق التي يمكن للناس أن يعودوا من خلالها إلى \
بيوتهم قبل حلول الشتاء، وقال الطرفان إنهما راضيان عما تم تحقيقه في اليوم الأول من عملهما المشترك.";
