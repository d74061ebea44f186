//! One page of a site, to be asked about by CSS selectors.

use scraper::{ElementRef, Html, Selector};

/// A parsed page.
pub(crate) struct Page {
    html: String,
    document: Html,
}

impl Page {
    pub(crate) fn read(html: &str) -> Page {
        Page { html: html.to_owned(), document: Html::parse_document(html) }
    }

    /// The page as it was written.
    pub(crate) fn html(&self) -> &str {
        &self.html
    }

    /// The elements that a selector finds.
    #[track_caller]
    pub(crate) fn all(&self, selector: &str) -> Vec<ElementRef<'_>> {
        let selector = Selector::parse(selector).unwrap_or_else(|error| panic!("{error}"));
        self.document.select(&selector).collect()
    }

    pub(crate) fn has(&self, selector: &str) -> bool {
        !self.all(selector).is_empty()
    }

    /// The texts of the elements that a selector finds, white space made single.
    #[track_caller]
    pub(crate) fn texts(&self, selector: &str) -> Vec<String> {
        self.all(selector).into_iter().map(text_of).collect()
    }

    /// The text of the only element that a selector finds.
    #[track_caller]
    pub(crate) fn text(&self, selector: &str) -> String {
        let texts = self.texts(selector);
        let [text] = texts.as_slice() else { panic!("{selector} finds {texts:?}") };
        text.clone()
    }

    /// An attribute of the elements that a selector finds, where they have it.
    #[track_caller]
    pub(crate) fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        self.all(selector).iter().filter_map(|found| found.attr(name)).map(str::to_owned).collect()
    }

    /// An attribute of the only element that a selector finds.
    #[track_caller]
    pub(crate) fn attribute(&self, selector: &str, name: &str) -> String {
        let found = self.attributes(selector, name);
        let [value] = found.as_slice() else { panic!("{selector} [{name}] finds {found:?}") };
        value.clone()
    }

    /// The fact of a report's record that stands under a label.
    #[track_caller]
    pub(crate) fn fact(&self, label: &str) -> String {
        let facts = self.all(".record > div");
        let found = facts
            .into_iter()
            .map(text_of)
            .find_map(|fact| fact.strip_prefix(label).map(|value| value.trim().to_owned()));
        found.unwrap_or_else(|| panic!("no fact “{label}” in {:?}", self.texts(".record > div")))
    }

    /// Where the links lead that are found inside a selector.
    #[track_caller]
    pub(crate) fn links(&self, selector: &str) -> Vec<String> {
        self.attributes(&format!("{selector} a[href]"), "href")
    }
}

/// An element's text, white space made single.
pub(crate) fn text_of(element: ElementRef<'_>) -> String {
    let text: String = element.text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
