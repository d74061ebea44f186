//! Built-in taxonomies, which every archive has besides those of its settings.

/// A built-in taxonomy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuiltIn {
    /// Subjects of reports.
    Tags,
    /// Publishers of the originals.
    Outlets,
    /// Authors of the originals.
    Authors,
    /// Events that several reports follow.
    Stories,
    /// Contributors of reports.
    Contributors,
    /// Languages of reports, where there are several.
    Languages,
}

impl BuiltIn {
    /// All, in the order of an archive.
    pub const ALL: [BuiltIn; 6] = [
        BuiltIn::Tags,
        BuiltIn::Outlets,
        BuiltIn::Authors,
        BuiltIn::Stories,
        BuiltIn::Contributors,
        BuiltIn::Languages,
    ];

    /// Its name in settings, addresses and data, such as `stories`.
    pub const fn name(self) -> &'static str {
        match self {
            BuiltIn::Tags => "tags",
            BuiltIn::Outlets => "outlets",
            BuiltIn::Authors => "authors",
            BuiltIn::Stories => "stories",
            BuiltIn::Contributors => "contributors",
            BuiltIn::Languages => "languages",
        }
    }

    /// The singular, such as `story`.
    pub const fn singular(self) -> &'static str {
        match self {
            BuiltIn::Tags => "tag",
            BuiltIn::Outlets => "outlet",
            BuiltIn::Authors => "author",
            BuiltIn::Stories => "story",
            BuiltIn::Contributors => "contributor",
            BuiltIn::Languages => "language",
        }
    }

    /// The weight of a shared term for related articles, without a setting; 0 for none.
    pub const fn related(self) -> f64 {
        match self {
            BuiltIn::Tags => 1.0,
            BuiltIn::Stories => 4.0,
            BuiltIn::Outlets | BuiltIn::Authors | BuiltIn::Contributors | BuiltIn::Languages => 0.0,
        }
    }

    /// The taxonomy of this name.
    pub fn of(name: &str) -> Option<BuiltIn> {
        BuiltIn::ALL.into_iter().find(|taxonomy| taxonomy.is(name))
    }

    /// Whether this is the taxonomy of this name.
    pub fn is(self, name: &str) -> bool {
        self.name() == name
    }
}
