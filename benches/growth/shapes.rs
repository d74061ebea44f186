//! The shapes of input that make a careless reader slow, each to be made as long as one likes.

/// What a text of the shape is called, and how one of about so many pieces is made.
pub(crate) type Shape = (&'static str, fn(usize) -> String);

fn numbered(n: usize, line: impl Fn(usize) -> String) -> String {
    (0..n).map(line).collect()
}

/// Bodies of about `n` pieces each.
pub(crate) const BODIES: &[Shape] = &[
    ("deep quotes", |n| format!("{}text", ">".repeat(n))),
    ("deep lists", |n| format!("{}text", "- ".repeat(n))),
    ("nested list, a level a line", |n| {
        numbered(n.min(60) * n / 60, |at| format!("{}- x\n", "  ".repeat(at % 60)))
    }),
    ("one long line", |n| "word ".repeat(n)),
    ("footnotes", |n| numbered(n, |at| format!("a[^{at}]\n\n[^{at}]: b\n\n"))),
    ("one footnote, many marks", |n| format!("{}\n\n[^1]: b\n", "a[^1] ".repeat(n))),
    ("footnotes without marks", |n| numbered(n, |at| format!("[^{at}]: b\n\n"))),
    ("open brackets", |n| "[".repeat(n)),
    ("open pictures", |n| "![".repeat(n)),
    ("brackets and parentheses", |n| "[a](".repeat(n)),
    ("links in links", |n| format!("{}{}", "[".repeat(n), "](/a/)".repeat(n))),
    ("backticks of every length", |n| {
        let mut text = String::new();
        let mut length = 1;
        while text.len() < n {
            text.push_str(&"`".repeat(length));
            text.push(' ');
            length += 1;
        }
        text
    }),
    ("open tags", |n| "<a ".repeat(n)),
    ("open comments", |n| "<!-- ".repeat(n)),
    ("angle brackets", |n| "<".repeat(n)),
    ("processing instructions", |n| "<?".repeat(n)),
    ("declarations", |n| "<!A ".repeat(n)),
    ("CDATA", |n| "<![CDATA[".repeat(n)),
    ("references defined", |n| {
        numbered(n, |at| format!("[r{at}]: /a{at}\n")) + &numbered(n, |at| format!("[r{at}] "))
    }),
    ("references to none", |n| numbered(n, |at| format!("[r{at}] "))),
    ("one reference's titles", |n| format!("[a]: /b \"{}", "\" ".repeat(n))),
    ("a wide table", |n| format!("{}\n{}\n", "|a".repeat(n), "|-".repeat(n))),
    ("a wide table's short rows", |n| {
        let width = n.isqrt();
        format!("{}|\n{}|\n{}", "|a".repeat(width), "|-".repeat(width), "|b|\n".repeat(n))
    }),
    ("a long table", |n| format!("|a|\n|-|\n{}", "|b|\n".repeat(n))),
    ("emphasis opened", |n| "*a ".repeat(n)),
    ("emphasis runs", |n| "*".repeat(n)),
    ("emphasis of both kinds", |n| "*a_ ".repeat(n)),
    ("struck words", |n| "~~a ~".repeat(n)),
    ("headings of one name", |n| "## a\n\n".repeat(n)),
    ("links to own places", |n| "## a\n\n[a](#a)\n\n".repeat(n)),
    ("links to nowhere", |n| "[a](b.md)\n".repeat(n)),
    ("links to nowhere on one line", |n| "[a](b.md) ".repeat(n)),
    ("pictures that are missing", |n| "![](b.png)\n\n".repeat(n)),
    ("entities", |n| "&amp;&#".repeat(n)),
    ("tags opened", |n| "{{ a(b='".repeat(n)),
    ("tags of others", |n| "{{< a >}} ".repeat(n)),
    ("tags in code", |n| "`{{ a() }}` ".repeat(n)),
    ("shortcodes", |n| "{{ a() }}\n\n".repeat(n)),
    ("raw HTML, nested", |n| "<div>".repeat(n)),
    ("raw HTML, closed", |n| "<b>x</b> ".repeat(n)),
    ("raw HTML, attributes", |n| format!("<p {}>x</p>", "a=b ".repeat(n))),
    ("bidi controls", |n| "\u{202e}a".repeat(n)),
    ("addresses", |n| "https://a.example/ ".repeat(n)),
    ("addresses that are none", |n| "https://https://".repeat(n)),
    ("holes", |n| "has been  about the .\n".repeat(n)),
    ("colons", |n| "at :".repeat(n)),
    ("words of vague links", |n| "[here](/a/)\n".repeat(n)),
];

/// Front matter of about `n` keys or levels.
pub(crate) const FRONT_MATTER: &[Shape] = &[
    ("TOML, keys", |n| format!("+++\n{}+++\n", numbered(n, |at| format!("key{at} = 1\n")))),
    ("TOML, near misses", |n| format!("+++\n{}+++\n", numbered(n, |at| format!("[tites{at}]\n")))),
    ("TOML, deep tables", |n| format!("+++\na = {}\n+++\n", "{b=".repeat(n))),
    ("TOML, deep lists", |n| format!("+++\na = {}\n+++\n", "[".repeat(n))),
    ("TOML, a dotted key", |n| format!("+++\n{}a = 1\n+++\n", "a.".repeat(n))),
    ("TOML, a long key", |n| format!("+++\n{} = 1\n+++\n", "a".repeat(n))),
    ("TOML, a long text", |n| format!("+++\ntitle = \"{}\"\n+++\n", "a ".repeat(n))),
    ("TOML, tags", |n| format!("+++\ntags = [{}]\n+++\n", numbered(n, |at| format!("\"t{at}\",")))),
    ("TOML, bad corrections", |n| {
        format!("+++\n{}+++\n", "[[corrections]]\ntext = \"a\"\n".repeat(n))
    }),
    ("TOML, bad aliases", |n| format!("+++\naliases = [{}]\n+++\n", "\"/../\",".repeat(n))),
    ("TOML, wrong kinds", |n| format!("+++\nvia = [{}]\n+++\n", "[],\n".repeat(n))),
    ("YAML, keys", |n| format!("---\n{}---\n", numbered(n, |at| format!("key{at}: 1\n")))),
    ("YAML, one key again", |n| format!("---\n{}---\n", numbered(n, |at| format!("key: {at}\n")))),
    ("YAML, deep lists", |n| format!("---\na: {}\n---\n", "[".repeat(n))),
    ("YAML, deep tables", |n| format!("---\n{}\n---\n", "{a: ".repeat(n))),
    ("YAML, dashes", |n| format!("---\n{}\n---\n", "- ".repeat(n))),
    ("YAML, aliases", |n| format!("---\na: &a [b]\nc: [{}]\n---\n", "*a,".repeat(n))),
    ("YAML, an alias bomb", |n| {
        let levels = n.ilog2() as usize;
        format!(
            "---\na0: &a0 [x]\n{}---\n",
            numbered(levels, |at| format!("a{}: &a{} [*a{at},*a{at},*a{at}]\n", at + 1, at + 1))
        )
    }),
    ("YAML, a long text", |n| format!("---\ntitle: {}\n---\n", "a ".repeat(n))),
    ("YAML, tags", |n| format!("---\ntags: [{}]\n---\n", numbered(n, |at| format!("t{at},")))),
    ("YAML, quotes", |n| format!("---\ntitle: {}\n---\n", "\"".repeat(n))),
    ("YAML, a block never closed", |n| format!("---\n{}", "a\n".repeat(n))),
];

/// Settings of about `n` keys.
pub(crate) const SETTINGS: &[Shape] = &[
    ("unknown keys", |n| numbered(n, |at| format!("key{at} = 1\n"))),
    ("outlets", |n| numbered(n, |at| format!("[outlets.o{at}]\nname = \"a\"\n"))),
    ("outlets of bad countries", |n| {
        numbered(n, |at| format!("[outlets.o{at}]\ncountry = \"a\"\n"))
    }),
    ("redirects without a target", |n| "[[redirects]]\nfrom = \"/a/\"\n".repeat(n)),
    ("deep lists", |n| format!("nav = {}", "[".repeat(n))),
    ("foreign keys", |n| format!("[keys]\n{}", numbered(n, |at| format!("k{at} = \"tite\"\n")))),
];

/// Ledgers of about `n` addresses.
pub(crate) const LEDGERS: &[Shape] = &[
    ("addresses", |n| {
        numbered(n, |at| format!("[\"https://a.example/{at}\"]\ndead = 2024-05-01\n"))
    }),
    ("addresses of other hosts", |n| {
        numbered(n, |at| format!("[\"https://b.example/{at}\"]\ndead = 2024-05-01\n"))
    }),
    ("bad dates", |n| numbered(n, |at| format!("[\"https://a.example/{at}\"]\ndead = \"x\"\n"))),
    ("unknown keys", |n| {
        format!("[\"https://a.example/\"]\n{}", numbered(n, |at| format!("key{at} = 1\n")))
    }),
];

/// What the hash of a body's words has to look ahead for.
pub(crate) const MARKUP_LEFT_OPEN: &[Shape] = &[
    ("pictures opened", |n| "![".repeat(n)),
    ("pictures closed at the end", |n| format!("{}{}", "![a".repeat(n), "]".repeat(n))),
    ("comments opened", |n| "<!-- a ".repeat(n)),
    ("tags opened", |n| "<a b ".repeat(n)),
    ("links opened", |n| "[a](".repeat(n)),
    ("titles opened", |n| "[a](b \"c".repeat(n)),
    ("addresses in one word", |n| "www.a?".repeat(n)),
    ("addresses and brackets", |n| format!("https://a{}", ")".repeat(n))),
    ("a number without end", |n| "1.".repeat(n)),
];
