//! The taxonomies that Dateline gives a meaning of their own: every archive has them, beside those of its
//! settings.

/// A taxonomy that every archive has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuiltIn {
    /// What reports are about.
    Tags,
    /// Who published the originals.
    Outlets,
    /// Who wrote them.
    Authors,
    /// Events that several reports follow.
    Stories,
    /// Who sent reports in.
    Contributors,
}

impl BuiltIn {
    /// All, in the order in which an archive has them.
    pub const ALL: [BuiltIn; 5] = [
        BuiltIn::Tags,
        BuiltIn::Outlets,
        BuiltIn::Authors,
        BuiltIn::Stories,
        BuiltIn::Contributors,
    ];

    /// Its name in settings, addresses and data, such as `stories`.
    pub const fn name(self) -> &'static str {
        match self {
            BuiltIn::Tags => "tags",
            BuiltIn::Outlets => "outlets",
            BuiltIn::Authors => "authors",
            BuiltIn::Stories => "stories",
            BuiltIn::Contributors => "contributors",
        }
    }

    /// One of its terms, such as `story`.
    pub const fn singular(self) -> &'static str {
        match self {
            BuiltIn::Tags => "tag",
            BuiltIn::Outlets => "outlet",
            BuiltIn::Authors => "author",
            BuiltIn::Stories => "story",
            BuiltIn::Contributors => "contributor",
        }
    }

    /// How much a shared term says about two reports being related, where the settings don't say; 0 for
    /// nothing.
    pub const fn related(self) -> f64 {
        match self {
            BuiltIn::Tags => 1.0,
            BuiltIn::Stories => 4.0,
            BuiltIn::Outlets | BuiltIn::Authors | BuiltIn::Contributors => 0.0,
        }
    }

    /// The one of a name.
    pub fn of(name: &str) -> Option<BuiltIn> {
        BuiltIn::ALL.into_iter().find(|taxonomy| taxonomy.is(name))
    }

    /// Whether this is the taxonomy of that name.
    pub fn is(self, name: &str) -> bool {
        self.name() == name
    }
}
