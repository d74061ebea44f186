//! Themes of one's own: what settings, hooks, data and overrides change, and that it is right after
//! every edit.

use crate::archive::{Archive, Built};
use crate::page::Page;

const X: &str = "/2017/01/29/x/";

fn report(title: &str, date: &str, more: &str) -> String {
    format!("+++\ntitle = \"{title}\"\ndate = {date}\n{more}\n+++\nWords.\n")
}

fn archive() -> Archive {
    Archive::new().article("x.md", &report("Talks", "2017-01-29", "tags = [\"War\"]"))
}

/// The contents of the style sheet that the settings made.
fn settings_sheet(built: &Built, page: &Page) -> String {
    let sheets = page.attributes("link[rel=stylesheet]", "href");
    let own = sheets.iter().find(|sheet| sheet.contains("/settings."));
    own.map(|sheet| built.file(sheet.trim_start_matches('/'))).unwrap_or_default()
}

#[test]
fn an_override_reaches_what_it_hides() {
    let built = archive()
        .file(
            "templates/article.html",
            "{% extends \"gazette/article.html\" %}\n{% block main %}<p class=\"ours\">Ours</p>{{ super() }}{% endblock main %}\n",
        )
        .file(
            "templates/base.html",
            "{% extends \"gazette/base.html\" %}\n{% block footer %}<p class=\"foot\">F</p>{{ super() }}{% endblock footer %}\n",
        )
        .file("templates/404.html", "{% include \"gazette/404.html\" %}")
        .build()
        .clean();
    let page = built.page(X);
    assert_eq!(page.text(".ours"), "Ours");
    assert_eq!(page.text("h1"), "Talks");
    assert_eq!(page.text(".foot"), "F", "gazette's article stands on the archive's base");
    assert!(page.has(".colophon-name") && built.page("/years/").has(".foot"));
    assert_eq!(built.page("/404.html").text("h1"), "Page not found");
    assert!(
        page.has("script[type='application/ld+json']"),
        "what the hidden template uses is made"
    );
}

#[test]
fn a_component_of_the_archives_takes_the_place_of_the_themes() {
    let own = "{% component ui.nameplate(title, theme: map) -%}[{{ title }}]{%- endcomponent ui.nameplate %}";
    let built = archive().file("templates/components/ours.html", own).build().clean();
    assert_eq!(built.page(X).text(".nameplate"), "[The Archive]");
}

#[test]
fn hooks_stand_in_the_head_and_the_foot_of_every_page() {
    let built = archive()
        .file("templates/head.html", "<meta name=\"ours\" content=\"{{ page.title }}\">")
        .file("templates/foot.html", "<p class=\"ours\">{{ site.title }}</p>")
        .build()
        .clean();
    for address in ["/", "/years/", X, "/404.html"] {
        let page = built.page(address);
        assert!(!page.attribute("head meta[name=ours]", "content").is_empty(), "{address}");
        assert_eq!(page.text("footer .ours"), "The Archive", "{address}");
    }
}

#[test]
fn settings_change_the_look_without_a_template() {
    let look = "[theme]\naccent = \"#0A5C4A\"\nlogo = \"/logo.svg\"\nmasthead = \"centred\"\ncss = [\"/ours.css\"]\n\
        [theme.fonts]\ntext = [\"Literata\"]\nfiles = [{ family = \"Literata\", src = \"/f.woff2\", weight = \"200 900\" }]\n";
    let built = archive()
        .config(look)
        .file("static/logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
        .file("static/ours.css", "h1 { color: red }")
        .file("static/f.woff2", "font")
        .build()
        .clean();
    let page = built.page(X);
    let css = settings_sheet(&built, &page);
    assert!(css.contains("--accent: #0a5c4a"), "{css}");
    assert!(
        css.contains("prefers-color-scheme: dark"),
        "a shade that can be read on dark paper: {css}"
    );
    assert!(css.contains("--serif: \"Literata\", var(--serif-own)"), "{css}");
    assert!(
        css.contains("src: url(\"/f.woff2\")") && css.contains("font-weight: 200 900"),
        "{css}"
    );
    let sheets = page.attributes("link[rel=stylesheet]", "href");
    assert!(sheets[0].contains("/style.") && sheets[2] == "/ours.css", "{sheets:?}");
    assert_eq!(page.attribute(".nameplate img", "alt"), "Archive");
    assert!(page.has(".masthead-centred"));
    let plain = archive().build().clean();
    assert_eq!(plain.page(X).attributes("link[rel=stylesheet]", "href").len(), 1);
    assert!(plain.page(X).has(".masthead-grand"));
}

#[test]
fn an_accent_that_can_hardly_be_read_is_told_with_one_that_can() {
    for (setting, on) in [("accent = \"#f0c040\"", "light"), ("accent_dark = \"#8a1c14\"", "dark")]
    {
        let built = archive().config(&format!("[theme]\n{setting}\n")).build().succeeds();
        let told = built.stderr();
        assert!(told.contains("warning[accent-contrast]"), "{told}");
        assert!(told.contains(&format!("{on} paper")) && told.contains("reaches 4.5:1"), "{told}");
    }
    for wrong in ["accent = \"red; }\"", "masthead = \"huge\""] {
        assert_eq!(archive().config(&format!("[theme]\n{wrong}\n")).build().code(), 1, "{wrong}");
    }
}

#[test]
fn no_setting_breaks_out_of_the_style_sheet() {
    let look = "[theme.fonts]\ntext = [\"A\\\"; } body { display: none\", \"B\"]\n\
        files = [{ family = \"B\", src = \"https://fonts.example/a\\\")}b<c>\", weight = \"4; }\" }]\n";
    let built = archive().config(look).build().succeeds();
    let css = settings_sheet(&built, &built.page(X));
    assert!(!css.contains("display: none") && !css.contains("4; }"), "{css}");
    assert!(css.contains("a%22)}b%3Cc%3E\")"), "{css}");
    assert!(built.stderr().contains("is not the name of a font"));
}

#[test]
fn data_is_at_hand_in_templates_and_shortcodes() {
    let archive = archive()
        .file("data/team.csv", "name,since\nAda,007\n")
        .file("data/site.toml", "motto = \"Facts\"\n")
        .file("data/deep/n.json", "{\"a\": [1, 2]}")
        .file("templates/foot.html", "<p class=\"ours\">{{ data.team[0].since }} {{ data.site.motto }} {{ data.deep.n.a[1] }}</p>")
        .file("templates/shortcodes/who.html", "<b>{{ data.team[0].name }} {{ page.title }} {{ site.title }} {{ n }}</b>")
        .article("y.md", "+++\ntitle = \"Y\"\ndate = 2017-01-30\n+++\nBy {{ who(n=3) }}.\n");
    let built = archive.build().clean();
    assert_eq!(built.page(X).text(".ours"), "007 Facts 2");
    assert_eq!(built.page("/2017/01/30/y/").text(".body b"), "Ada Y The Archive 3");
    assert!(built.page("/data/").has("main dl"), "the page about data keeps its own");
    archive.write("data/team.csv", "name,since\nGrace,008\n");
    let built = archive.build().clean();
    assert_eq!(built.page("/2017/01/30/y/").text(".body b"), "Grace Y The Archive 3");
    assert!(built.page(X).text(".ours").starts_with("008"));
    assert!(!built.has("/data/team.csv"), "data is not published");
    archive.write("data/site.toml", "motto = ");
    let broken = archive.build();
    assert_eq!(broken.code(), 1);
    assert!(broken.stderr().contains("data/site.toml"), "{}", broken.stderr());
}

const LIST: &str = "<ul class=\"ours\">{% for card in reports(tag=tag, limit=limit) %}<li><a href=\"{{ card.url }}\">{{ card.title }}</a>{% for tag in card.tags %} {{ tag.name }}{% endfor %}</li>{% endfor %}</ul>";

#[test]
fn templates_and_texts_list_reports_and_the_list_is_always_right() {
    let archive = archive()
        .article("y.md", "+++\ntitle = \"Y\"\ndate = 2016-01-30\n+++\n{{ list(tag=\"war\", limit=2) }}\n")
        .file("templates/shortcodes/list.html", LIST)
        .file("templates/years.html", "{% extends \"gazette/years.html\" %}{% block main %}<ul class=\"late\">{% for card in reports(from=\"2017-02\", outlet=\"The Wire\") %}<li>{{ card.title }}</li>{% endfor %}</ul>{{ super() }}{% endblock main %}");
    let lists = |built: &Built| {
        let page = built.page("/2016/01/30/y/");
        (page.texts(".ours li"), built.page("/years/").texts(".late li"))
    };
    assert_eq!(lists(&archive.build().clean()), (vec!["Talks War".to_owned()], Vec::new()));
    let wire = "outlet = \"The Wire\"\ntags = [\"WAR\", \"Peace\"]";
    archive.write("content/z.md", report("Truce", "2017-02-03", wire));
    archive.write("content/a.md", report("Old", "2015-02-03", wire));
    let late = vec!["Truce".to_owned()];
    let told = vec!["Truce War Peace".to_owned(), "Talks War".to_owned()];
    let (shown, of_wire) = lists(&archive.build().succeeds());
    assert_eq!((shown.len(), of_wire), (2, late));
    assert!(shown[0].starts_with("Truce") && shown[0].ends_with("Peace"), "{shown:?} {told:?}");
    let withdrawn = "[withdrawn]\ndate = 2020-01-01\nkind = \"court\"\nreason = \"R\"";
    archive.write("content/z.md", report("Truce", "2017-02-03", &format!("{wire}\n{withdrawn}")));
    let built = archive.build().succeeds();
    let (shown, of_wire) = lists(&built);
    assert!(shown.iter().all(|line| !line.contains("Truce")) && of_wire.is_empty(), "{shown:?}");
    let again = built.tree();
    assert_eq!(again, archive.build_with(&["--force"]).tree(), "as a clean build");
}

#[test]
fn a_list_that_asks_for_what_is_not_there_is_told() {
    for (call, told) in [
        ("reports(tga=\"x\")", "reports() takes no “tga”"),
        ("reports(from=\"soon\")", "“soon” is no date"),
        ("reports(limit=\"all\")", "“all” is no number"),
    ] {
        let foot = format!("{{% for card in {call} %}}{{% endfor %}}");
        let built = archive().file("templates/foot.html", foot).build();
        assert_eq!(built.code(), 1);
        assert!(built.stderr().contains(told), "{}", built.stderr());
    }
}

#[test]
fn a_theme_says_what_it_needs_and_what_it_sets() {
    let themed = |text: &str, extra: &str| {
        archive()
            .config(&format!("theme = \"mine\"\n{extra}"))
            .file("themes/mine/theme.toml", text)
            .file("themes/mine/templates/foot.html", "<p class=\"ours\">{{ site.extra.motto }}</p>")
            .build()
    };
    let file =
        "name = \"mine\"\ncontract = 1\nrequired = [\"desk\"]\n[defaults]\nmotto = \"Facts\"\n";
    let built = themed(file, "[extra]\ndesk = \"a@b.example\"\n").clean();
    assert_eq!(built.page(X).text(".ours"), "Facts");
    let built = themed(file, "[extra]\ndesk = \"d\"\nmotto = \"Own\"\n").clean();
    assert_eq!(built.page(X).text(".ours"), "Own");
    let missing = themed(file, "");
    assert_eq!(missing.code(), 1);
    assert!(missing.stderr().contains("the theme needs “desk” in [extra]"), "{}", missing.stderr());
    let newer = themed("contract = 9\n", "");
    assert!(newer.code() == 1 && newer.stderr().contains("version 9"), "{}", newer.stderr());
}

#[test]
fn the_looks_of_the_manual_are_looks() {
    let manual =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/src/themes.md"));
    let manual = manual.unwrap();
    let looks: Vec<&str> =
        manual.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    let looks: Vec<&str> = looks.into_iter().filter(|look| look.contains("[theme]")).collect();
    assert!(looks.len() >= 3, "{looks:?}");
    for look in looks {
        let archive = archive().config(look).file("static/logo.svg", "<svg/>");
        let archive = archive
            .file("static/ours.css", "h1 { color: red }")
            .file("static/fonts/literata.woff2", "f");
        let built = archive.build().clean();
        assert!(!settings_sheet(&built, &built.page("/")).is_empty(), "{look}");
    }
}
