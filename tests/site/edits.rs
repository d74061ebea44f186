//! What a curator does to a little archive, at random: for the tests of incremental builds.
//!
//! An archive is a handful of choices by number: of each report, of the config, of the files beside
//! them. An edit makes one choice anew; 0 is what was there before anybody chose.

use std::collections::BTreeMap;

use proptest::prelude::*;

/// Reports of the archive, beside one that always stays.
const REPORTS: usize = 5;

/// How many values a choice has.
const VALUES: usize = 5;

/// A choice made anew.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    Report(usize, Field, usize),
    Config(Setting, usize),
    File(File, usize),
    /// Something else writes into the output: cuts a file, or writes other bytes of the same length.
    Tamper(usize, bool),
    /// Something happens to what Dateline remembers.
    Damage(Damage),
}

/// What a report's file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Field {
    Place,
    Title,
    Date,
    Tags,
    Stories,
    Outlet,
    Author,
    Contributor,
    Withdrawn,
    Correction,
    Redaction,
    Also,
    Translation,
    Alias,
    Image,
    Photo,
    Words,
    Link,
    Original,
    Added,
    Draft,
    Template,
    License,
    Language,
    Call,
    Typo,
}

/// What the config says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Setting {
    Leaf,
    Days,
    Outlets,
    Contributors,
    Duplicates,
    Data,
    Citation,
    Notices,
    ReportUrl,
    Named,
    Republish,
    Redirects,
    Nav,
    Extra,
    Feeds,
    Permalink,
    Markdown,
    Taxonomies,
}

/// A file beside the reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum File {
    Contact,
    About,
    CorrectionsPage,
    NotFound,
    Special,
    Box,
    Base,
    Words,
    Ledger,
    Picture,
    Icon,
    StaticCorrections,
    Tag,
    OutletTerm,
    Talk,
}

/// What happens to the state folder between two builds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Damage {
    /// The records of pages are lost.
    PagesLost,
    /// The records of pages are those of an older build, as after one that was killed when it had
    /// published and not yet written them.
    PagesOld,
    /// The cache of sources is lost.
    SourcesLost,
    /// The cache of sources is that of an older build.
    SourcesOld,
    /// Every file is cut in the middle, the manifest excepted.
    Cut,
}

const FIELDS: [Field; 26] = [
    Field::Place,
    Field::Title,
    Field::Date,
    Field::Tags,
    Field::Stories,
    Field::Outlet,
    Field::Author,
    Field::Contributor,
    Field::Withdrawn,
    Field::Correction,
    Field::Redaction,
    Field::Also,
    Field::Translation,
    Field::Alias,
    Field::Image,
    Field::Photo,
    Field::Words,
    Field::Link,
    Field::Original,
    Field::Added,
    Field::Draft,
    Field::Template,
    Field::License,
    Field::Language,
    Field::Call,
    Field::Typo,
];

const SETTINGS: [Setting; 18] = [
    Setting::Leaf,
    Setting::Days,
    Setting::Outlets,
    Setting::Contributors,
    Setting::Duplicates,
    Setting::Data,
    Setting::Citation,
    Setting::Notices,
    Setting::ReportUrl,
    Setting::Named,
    Setting::Republish,
    Setting::Redirects,
    Setting::Nav,
    Setting::Extra,
    Setting::Feeds,
    Setting::Permalink,
    Setting::Markdown,
    Setting::Taxonomies,
];

const FILES: [File; 15] = [
    File::Contact,
    File::About,
    File::CorrectionsPage,
    File::NotFound,
    File::Special,
    File::Box,
    File::Base,
    File::Words,
    File::Ledger,
    File::Picture,
    File::Icon,
    File::StaticCorrections,
    File::Tag,
    File::OutletTerm,
    File::Talk,
];

const DAMAGES: [Damage; 5] =
    [Damage::PagesLost, Damage::PagesOld, Damage::SourcesLost, Damage::SourcesOld, Damage::Cut];

/// Edits between two builds.
fn edits(most: usize) -> impl Strategy<Value = Vec<Edit>> {
    let value = 0..VALUES;
    let report = (0..REPORTS, prop::sample::select(&FIELDS[..]), value.clone());
    let edit = prop_oneof![
        8 => report.prop_map(|(report, field, value)| Edit::Report(report, field, value)),
        4 => (prop::sample::select(&SETTINGS[..]), value.clone())
            .prop_map(|(setting, value)| Edit::Config(setting, value)),
        4 => (prop::sample::select(&FILES[..]), value)
            .prop_map(|(file, value)| Edit::File(file, value)),
        1 => (0..400usize, any::<bool>()).prop_map(|(file, cut)| Edit::Tamper(file, cut)),
        1 => prop::sample::select(&DAMAGES[..]).prop_map(Edit::Damage),
    ];
    prop::collection::vec(edit, 1..most)
}

/// An archive's beginning, with most choices made, and the edits before each further build: few, for
/// many at once would change so much that nothing is kept.
pub(crate) fn history(rounds: usize) -> impl Strategy<Value = Vec<Vec<Edit>>> {
    let chosen = |count| prop::collection::vec(0..VALUES, count);
    let parts = (chosen(REPORTS * FIELDS.len()), chosen(SETTINGS.len()), chosen(FILES.len()));
    let beginning = parts.prop_map(|(fields, settings, files)| {
        let cells = (0..REPORTS).flat_map(|report| FIELDS.map(|field| (report, field)));
        let reports =
            cells.zip(fields).filter(|((_, field), value)| !is_rare(*field) || *value == 1);
        let reports = reports.map(|((report, field), value)| Edit::Report(report, field, value));
        let settings = SETTINGS.into_iter().zip(settings);
        let settings = settings.map(|(setting, value)| Edit::Config(setting, value));
        let files = FILES.into_iter().zip(files).map(|(file, value)| Edit::File(file, value));
        reports.chain(settings).chain(files).collect::<Vec<Edit>>()
    });
    (beginning, prop::collection::vec(edits(4), 1..rounds)).prop_map(|(first, mut rest)| {
        rest.insert(0, first);
        rest
    })
}

/// Choices that leave little of a report to be seen.
fn is_rare(field: Field) -> bool {
    matches!(field, Field::Withdrawn | Field::Draft | Field::Template)
}

/// The choices that were made.
#[derive(Clone, Debug, Default)]
pub(crate) struct Choices {
    reports: BTreeMap<(usize, Field), usize>,
    config: BTreeMap<Setting, usize>,
    files: BTreeMap<File, usize>,
}

impl Choices {
    pub(crate) fn apply(&mut self, edit: &Edit) {
        match *edit {
            Edit::Report(report, field, value) => {
                self.reports.insert((report, field), value);
            }
            Edit::Config(setting, value) => {
                self.config.insert(setting, value);
            }
            Edit::File(file, value) => {
                self.files.insert(file, value);
            }
            Edit::Tamper(..) | Edit::Damage(_) => {}
        }
    }

    /// Every file of the archive as it should be.
    pub(crate) fn files(&self) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        let anchor = "+++\ntitle = \"Anchor\"\ndate = 2017-01-05\ntags = [\"Moon\"]\n+++\nStays.\n";
        files.insert("content/anchor.md".to_owned(), anchor.to_owned());
        for report in 0..REPORTS {
            self.report(report, &mut files);
        }
        files.insert("dateline.toml".to_owned(), self.config());
        for file in FILES {
            let value = self.files.get(&file).copied().unwrap_or_default();
            if value > 0 {
                let (path, text) = beside(file, value);
                files.insert(path.to_owned(), text);
            }
        }
        files
    }

    fn report(&self, report: usize, files: &mut BTreeMap<String, String>) {
        let choice = |field| self.reports.get(&(report, field)).copied().unwrap_or_default();
        let path = match choice(Field::Place) {
            0 => return,
            1 => format!("content/r{report}.md"),
            2 => format!("content/moved/r{report}/index.md"),
            3 => format!("content/r{report}-new.md"),
            _ => format!("content/moved/r{report}.md"),
        };
        let size = choice(Field::Photo);
        if let (Some(folder), true) = (path.strip_suffix("index.md"), size > 0) {
            files.insert(format!("{folder}photo.gif"), picture(size));
        }
        let (mut head, mut body) = (String::new(), String::new());
        for field in FIELDS {
            let (line, words) = said(field, report, choice(field));
            head.push_str(&line);
            body.push_str(&words);
        }
        files.insert(path, format!("+++\n{head}+++\n{body}"));
    }

    fn config(&self) -> String {
        let lines = |top: bool| {
            let chosen = self.config.iter().filter(move |(_, value)| **value > 0);
            let set = chosen.map(|(setting, value)| configured(*setting, *value));
            set.filter(move |line| line.starts_with('[') != top).collect::<String>()
        };
        format!("base_url = \"https://archive.example/\"\n{}{}", lines(true), lines(false))
    }
}

/// What a choice adds to a report's front matter and to its body.
fn said(field: Field, report: usize, value: usize) -> (String, String) {
    let head = |line: String| (format!("{line}\n"), String::new());
    let body = |words: String| (String::new(), format!("{words}\n\n"));
    match (field, value) {
        (Field::Date, _) => {
            let dates =
                ["2017-01-05", "2017-01-06", "2016-12-31T22:00:00Z", "2018-03-01", "2017-01"];
            head(format!("date = \"{}\"", dates[value]))
        }
        (Field::Title, _) => head(format!("title = \"Report {report}{}\"", "!".repeat(value))),
        (Field::Words, _) => body(WORDS[value].repeat(12)),
        (_, 0) | (Field::Place | Field::Photo, _) => Default::default(),
        (Field::Tags, _) => {
            let tags = [vec!["Moon"], vec!["moon", "C++"], vec!["C"], vec!["Äther", "Moon"]];
            head(format!("tags = {:?}", tags[value - 1]))
        }
        (Field::Stories, _) => head(format!("stories = [\"Story {}\"]", value % 2)),
        (Field::Outlet, _) => head(format!("outlet = \"o{value}\"")),
        (Field::Author, _) => head(format!("authors = [\"Author {value}\"]")),
        (Field::Contributor, _) => head(format!("submitted_by = [\"c{value}\"]")),
        (Field::Withdrawn, _) => {
            let kind = ["request", "copyright", "court", "error"][value - 1];
            head(format!("withdrawn = {{ date = 2020-01-0{value}, kind = \"{kind}\" }}"))
        }
        (Field::Correction, _) => {
            head(format!("corrections = [{{ date = 2018-01-0{value}, text = \"C{value}\" }}]"))
        }
        (Field::Redaction, _) => head(format!(
            "redactions = [{{ date = 2018-02-0{value}, reason = \"R\", assets = [\"photo.gif\"] }}]"
        )),
        (Field::Also, _) => head(format!("also = [\"content/r{}.md\"]", value % REPORTS)),
        (Field::Translation, 4) => head("translation_key = \"k\"".to_owned()),
        (Field::Translation, _) => {
            head(format!("translation_of = \"content/r{}.md\"", value % REPORTS))
        }
        (Field::Alias, _) => head(format!("aliases = [\"/old/{value}/\"]")),
        (Field::Image, _) => {
            let source = ["photo.gif", "/pictures/1.gif", "none.gif", "photo.gif"][value - 1];
            head(format!("image = {{ src = \"{source}\", alt = \"I{value}\" }}"))
        }
        (Field::Link, _) => body(format!(
            "[a](r{0}.md) [b](/tags/moon/) [c](/contact/) [d](/old/{0}/) ![p](/pictures/1.gif) ![q](photo.gif)",
            value % REPORTS
        )),
        (Field::Original, _) => (
            format!("original_url = \"https://gone.example/{value}\"\n"),
            format!("[out](https://gone.example/{}).\n\n", value % 3),
        ),
        (Field::Added, _) => head(format!("added = 2019-05-0{}", 1 + value % 2)),
        (Field::Draft, _) => head(format!("draft = {}", value.is_multiple_of(2))),
        (Field::Template, _) => head("template = \"special\"".to_owned()),
        (Field::License, _) => head(format!("license = \"{}\"", ["CC0-1.0", "Ours"][value % 2])),
        (Field::Language, _) => head(format!("language = \"{}\"", ["de", "ar"][value % 2])),
        (Field::Call, _) => body(format!("{{{{ box(n={value}) }}}}")),
        (Field::Typo, _) => head(format!("orignal_url = \"{value}\"")),
    }
}

/// Texts of reports: two of them are nearly the same.
const WORDS: [&str; VALUES] = [
    "The lander came down at dawn beside the old crater and sent its first words home. ",
    "The lander came down at dawn beside the old crater and sent its first word home. ",
    "Nobody knows who opened the gate that night, said the keeper of the northern bridge. ",
    "A <script>x</script>, {% gist 1 %} and an [unknown place](/nowhere/) are in this text. ",
    "Short. ",
];

/// What a choice writes into the config.
fn configured(setting: Setting, value: usize) -> String {
    let flag = value.is_multiple_of(2);
    match setting {
        Setting::Leaf => format!("[listing]\nleaf = {value}\ndays = {}\n", value < 3),
        Setting::Days => format!("description = \"D{value}\"\n"),
        Setting::Outlets => (1..=value)
            .map(|at| {
                format!(
                    "[outlets.o{at}]\nname = \"The {at} Post {value}\"\nlanguage = \"de\"\n\
                     url = \"https://o{value}.example/\"\ncountry = \"DE\"\nnote = \"N{value}\"\n"
                )
            })
            .collect::<Vec<String>>()
            .concat(),
        Setting::Contributors => (1..=value)
            .map(|at| {
                format!(
                    "[contributors.c{at}]\nname = \"C {at}\"\nnote = \"N{value}\"\nhidden = {}\n",
                    at == value
                )
            })
            .collect::<Vec<String>>()
            .concat(),
        Setting::Duplicates => format!("[duplicates]\nshow = {flag}\n"),
        Setting::Data => format!(
            "[data]\nenabled = {}\nwhole = [\"csv\", \"jsonl\"]\nbody_licenses = [\"CC0-1.0\"]\n",
            value != 3
        ),
        Setting::Citation => format!("[citation]\nbox = {flag}\nsidecars = [\"bibtex\"]\n"),
        Setting::Notices => {
            format!("[notices]\nstanding = [\"S{value}\"]\nprinciples = \"/about/\"\n")
        }
        Setting::ReportUrl => {
            format!("report_url = \"mailto:a{value}@x.example?subject={{url}}\"\n")
        }
        Setting::Named => format!(
            "[withdrawals]\nnamed = {}\n",
            ["[]", "[\"copyright\", \"request\"]"][value % 2]
        ),
        Setting::Republish => {
            format!("[republish]\nallow = {flag}\nlicenses = [\"CC0-1.0\"]\n")
        }
        Setting::Redirects => {
            format!("[[redirects]]\nfrom = \"/was/\"\nto = \"/tags/?{value}\"\n")
        }
        Setting::Nav => format!("[[nav]]\ntitle = \"N{value}\"\nurl = \"/about/\"\n"),
        Setting::Extra => format!("[extra]\nmotto = \"M{value}\"\n"),
        Setting::Feeds => format!("[feeds]\nlimit = {value}\n"),
        Setting::Permalink => {
            format!("permalink = \"/{}:year/:month/:slug/\"\n", ["", "a/", ":outlet/"][value % 3])
        }
        Setting::Taxonomies => format!(
            "[[taxonomies]]\nname = \"tags\"\nsingular = \"tag\"\npath = \"tags\"\nfeed = {flag}\n"
        ),
        Setting::Markdown => format!("[markdown]\nsmart_punctuation = {flag}\n"),
    }
}

/// A file beside the reports.
fn beside(file: File, value: usize) -> (&'static str, String) {
    let page = |body: &str| format!("+++\ntitle = \"P{value}\"\n+++\n{body}\n");
    match file {
        File::Contact => {
            ("content/pages/contact.md", page("[r](../r1.md) {{ box(n=1) }}\n\n![t](/talk.mp3)"))
        }
        File::About => ("content/pages/about.md", page("![p](/pictures/1.gif)")),
        File::CorrectionsPage => ("content/pages/corrections.md", page("[c](/contact/)")),
        File::NotFound => ("templates/404.html", format!("<p>{value}: {{{{ site.title }}}}</p>\n")),
        File::Special => (
            "templates/special.html",
            format!("<p>{value}{{{{ page.title }}}}{{{{ article.body | safe }}}}</p>\n"),
        ),
        File::Box => ("templates/shortcodes/box.html", format!("<b>{value} {{{{ n }}}}</b>")),
        // Nothing of a page is seen without its base: most values leave it as it is.
        File::Base => (
            ["templates/unused.html", "templates/base.html"][usize::from(value == 1)],
            ["title", "head", "masthead", "main", "footer"]
                .map(|name| format!("{value}{{% block {name} %}}{{% endblock {name} %}}\n"))
                .concat(),
        ),
        File::Words => {
            let words = include_str!("../../themes/gazette/i18n/en.toml");
            let home = format!("home = \"Home {value}\"");
            ("themes/gazette/i18n/en.toml", words.replacen("home = \"Home\"", &home, 1))
        }
        File::Ledger => (
            "links/gone.example.toml",
            (0..value)
                .map(|at| format!("[\"https://gone.example/{at}\"]\ndead = 2024-01-0{value}\n"))
                .collect::<Vec<String>>()
                .concat(),
        ),
        File::Picture => ("static/pictures/1.gif", picture(value)),
        File::Icon => ("static/favicon.ico", value.to_string()),
        File::Tag => ("terms/tags/moon.md", tag(value)),
        File::OutletTerm => (
            "terms/outlets/o1.md",
            format!("+++\nname = \"O{value}\"\nsynonyms = [\"o{}\"]\n+++\n", value % 3 + 2),
        ),
        File::Talk => ("static/talk.mp3", "t".repeat(value * 900)),
        File::StaticCorrections => ("static/imprint/index.html", value.to_string()),
    }
}

/// A picture so many pixels wide.
fn picture(width: usize) -> String {
    let wide = char::from(u8::try_from(width).unwrap());
    format!("GIF89a{wide}\0\u{1}\0\0\0\0;")
}

/// What is known of a tag, whose synonyms may be other reports' tags.
fn tag(value: usize) -> String {
    let synonym = ["C++", "Äther", "C", "Moonlight"][value - 1];
    format!(
        "+++\nname = \"The Moon {}\"\nsynonyms = [\"{synonym}\"]\nsummary = \"S{value}\"\n+++\n\
         T{value} [r](/2017/) ![p](/pictures/1.gif)\n",
        value % 2
    )
}
