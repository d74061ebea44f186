//! Word lists in six languages: words that reveal a hole in a sentence, and vague link texts.

/// Function words of one language.
#[derive(Debug)]
pub(super) struct Function {
    /// Words that can't end a sentence or precede a conjunction or preposition: articles,
    /// prepositions.
    needing: &'static [&'static str],
    /// Words that can't precede a space and a full stop or comma; they may end a sentence, but such
    /// a space is rare.
    leading: &'static [&'static str],
    /// Words that need a continuation, perhaps a clause: forms of “be” and “have”.
    expecting: &'static [&'static str],
    /// Words that continue a sentence, and can't fill the hole after the words above.
    going_on: &'static [&'static str],
    /// Words that, with a colon, announce an address.
    pointing: &'static [&'static str],
    /// Whether a space before a colon is correct, as in French.
    spaced_colon: bool,
}

impl Function {
    /// Whether a word needs another after it, so that two spaces after it are a hole.
    pub(super) fn opens(&self, word: &str) -> bool {
        holds(self.needing, word) || holds(self.expecting, word)
    }

    /// Whether no sentence ends with a word.
    pub(super) fn needs(&self, word: &str) -> bool {
        holds(self.needing, word)
    }

    /// Whether no sign can follow a word and a space.
    pub(super) fn leads(&self, word: &str) -> bool {
        self.needs(word) || holds(self.leading, word)
    }

    /// Whether a word needs another before it.
    pub(super) fn goes_on(&self, word: &str) -> bool {
        self.going_on.contains(&word)
    }

    /// Whether a space before a colon is correct in this language.
    pub(super) fn sets_space_before_colons(&self) -> bool {
        self.spaced_colon
    }

    /// Whether a word and a colon announce an address.
    pub(super) fn points(&self, word: &str) -> bool {
        holds(self.pointing, word)
    }
}

fn holds(words: &[&str], word: &str) -> bool {
    words.contains(&word) || words.contains(&word.to_lowercase().as_str())
}

/// The words for a language tag's primary language.
pub(super) fn function_words(language: &str) -> Option<&'static Function> {
    let tag = language.split(['-', '_']).next().unwrap_or_default().to_lowercase();
    let found = FUNCTION_WORDS.iter().find(|(name, _)| *name == tag);
    found.map(|(_, words)| words)
}

const FUNCTION_WORDS: &[(&str, Function)] = &[
    (
        "en",
        Function {
            needing: &["a", "an", "the", "at", "from", "of", "into", "via", "and", "with", "by"],
            leading: &[
                "to", "in", "on", "for", "about", "or", "our", "their", "your", "its", "his",
                "her", "this", "these", "new", "see", "called", "contact", "through", "between",
                "under", "than",
            ],
            expecting: &["been"],
            going_on: &[
                "about", "of", "and", "or", "at", "from", "for", "by", "with", "which", "who",
                "is", "was", "are", "were", "has", "had", "have", "will", "said", "says",
            ],
            pointing: &["at", "from", "on", "via", "see", "here"],
            spaced_colon: false,
        },
    ),
    (
        "de",
        Function {
            needing: &[
                "der", "das", "dem", "den", "des", "ein", "eine", "einem", "einen", "im", "am",
                "vom", "zum", "zur", "und", "von",
            ],
            leading: &[
                "in", "auf", "für", "mit", "über", "bei", "unser", "unsere", "ihre", "seine",
                "diese", "dieser", "neue", "siehe", "oder",
            ],
            expecting: &["wurde", "worden"],
            going_on: &[
                "über", "und", "oder", "von", "mit", "für", "bei", "ist", "war", "hat", "wurde",
                "sagte",
            ],
            pointing: &["unter", "auf", "bei", "siehe"],
            spaced_colon: false,
        },
    ),
    (
        "fr",
        Function {
            needing: &[
                "le", "la", "les", "un", "une", "du", "des", "au", "aux", "de", "dans", "et",
                "chez",
            ],
            leading: &[
                "à",
                "en",
                "sur",
                "copy_hashed",
                "avec",
                "par",
                "notre",
                "leur",
                "son",
                "sa",
                "ce",
                "cette",
                "voir",
                "ou",
            ],
            expecting: &["été"],
            going_on: &[
                "et",
                "ou",
                "dans",
                "copy_hashed",
                "avec",
                "qui",
                "est",
                "était",
                "sont",
                "sur",
            ],
            pointing: &["sur", "à", "voir"],
            spaced_colon: true,
        },
    ),
    (
        "es",
        Function {
            needing: &["el", "la", "los", "las", "un", "una", "del", "al", "de", "y", "con"],
            leading: &[
                "a", "en", "para", "por", "sobre", "su", "sus", "nuestro", "este", "esta", "nuevo",
                "ver", "o",
            ],
            expecting: &["sido"],
            going_on: &["y", "o", "para", "por", "con", "que", "es", "fue", "son", "sobre", "dijo"],
            pointing: &["en", "desde", "véase"],
            spaced_colon: false,
        },
    ),
    (
        "ru",
        Function {
            needing: &["в", "на", "о", "об", "от", "из", "к", "с", "по", "для", "и", "через"],
            leading: &["за", "при", "под", "над", "между", "наш", "свой", "этот", "эта", "или"],
            expecting: &["был", "была", "было"],
            going_on: &["и", "или", "для", "о", "из", "который", "которая", "сообщил", "сообщила"],
            pointing: &["на", "по", "см"],
            spaced_colon: false,
        },
    ),
    (
        "ar",
        Function {
            needing: &["في", "من", "إلى", "على", "عن", "مع"],
            leading: &["هذا", "هذه", "بين", "بعد", "قبل"],
            expecting: &["تم"],
            going_on: &["و", "أو", "الذي", "التي", "عن", "من", "إلى"],
            pointing: &["على", "في", "من"],
            spaced_colon: false,
        },
    ),
];

/// Normalises a link's words for comparison.
pub(super) fn plain(words: &str) -> String {
    let is_mark = |character: char| {
        character.is_whitespace()
            || character.is_ascii_punctuation()
            || "…»«“”→›¡¿".contains(character)
    };
    let words = words.trim_matches(is_mark).to_lowercase();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a link's words are vague, in any of the six languages.
pub(super) fn is_vague(words: &str) -> bool {
    VAGUE.contains(&plain(words).as_str())
}

const VAGUE: &[&str] = &[
    "here",
    "click here",
    "see here",
    "right here",
    "this",
    "this link",
    "this page",
    "this article",
    "link",
    "the link",
    "more",
    "read more",
    "learn more",
    "see more",
    "find out more",
    "read on",
    "continue reading",
    "hier",
    "hier klicken",
    "klicken sie hier",
    "klick hier",
    "dieser link",
    "diesem link",
    "diesen link",
    "mehr",
    "mehr lesen",
    "mehr erfahren",
    "weiterlesen",
    "weiter",
    "ici",
    "cliquez ici",
    "cliquer ici",
    "ce lien",
    "lien",
    "le lien",
    "lire la suite",
    "en savoir plus",
    "lire plus",
    "aquí",
    "aqui",
    "haga clic aquí",
    "haz clic aquí",
    "pulse aquí",
    "este enlace",
    "enlace",
    "leer más",
    "más",
    "más información",
    "здесь",
    "тут",
    "нажмите здесь",
    "нажмите сюда",
    "по ссылке",
    "ссылка",
    "эта ссылка",
    "по этой ссылке",
    "подробнее",
    "далее",
    "читать далее",
    "читать дальше",
    "هنا",
    "اضغط هنا",
    "انقر هنا",
    "هذا الرابط",
    "الرابط",
    "رابط",
    "المزيد",
    "اقرأ المزيد",
    "للمزيد",
];
