//! View data of the citation box.

use crate::view::value::{Value, serialized, view};

use crate::archive::ArticleId;
use crate::citation::bibtex::bibtex;
use crate::citation::csl_json::csl_json_file;
use crate::citation::ris::ris;
use crate::citation::wikipedia::wikipedia;
use crate::citation::{Citation, styles::Formatted};
use crate::settings::citing::Sidecar;

use crate::view::Views;

impl Views<'_> {
    /// `None` if the settings disable the box or the article is withdrawn.
    pub(crate) fn citation(&self, id: ArticleId) -> Option<Value> {
        if !self.config.citation.shown {
            return None;
        }
        let citation = Citation::of(self.archive, self.config, self.ledger, id)?;
        let styles = self.config.citation.styles.iter().map(|style| {
            let Formatted(runs) = style.format(&citation);
            view!({ "label": style.label(), "runs": serialized(&runs) })
        });
        let formats = [
            ("BibTeX", bibtex(&citation), Some(Sidecar::Bibtex)),
            ("RIS", ris(&citation).replace('\r', ""), Some(Sidecar::Ris)),
            ("CSL-JSON", csl_json_file(&citation), Some(Sidecar::Csl)),
            ("Wikipedia", wikipedia(&citation), None),
        ];
        let formats = formats.map(|(label, text, sidecar)| {
            let url = sidecar.and_then(|sidecar| self.sidecar_address(id, sidecar));
            view!({ "label": label, "text": text.trim_end(), "url": url })
        });
        Some(view!({
            "styles": styles.collect::<Vec<Value>>(),
            "formats": formats,
        }))
    }

    fn sidecar_address(&self, id: ArticleId, sidecar: Sidecar) -> Option<String> {
        let permalink = self.archive.article(id).permalink.encoded();
        let address = || self.config.address(&format!("{permalink}{}", sidecar.file()));
        self.config.citation.sidecars.contains(&sidecar).then(address)
    }
}
