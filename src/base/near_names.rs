//! The name that is meant by one which does not exist, among many names.
//!
//! [`nearest`] compares with all names; asked about as many wrong names as there are right ones, it would
//! take the square of their number. Here a question costs the same however many names there are: a name
//! with one mistake agrees with the right one in its beginning or in its end, so that only its neighbours
//! in the order of beginnings and in the order of ends are compared.

use super::diagnostic::nearest;

/// How many neighbours on either side are compared, in each of the two orders.
const NEIGHBOURS: usize = 8;

/// Names in the order of their beginnings, and in the order of their ends.
#[derive(Debug, Default)]
pub(crate) struct NearNames {
    by_beginning: Vec<Box<str>>,
    /// Each name from its end to its beginning, and its place in the other order.
    by_end: Vec<(String, usize)>,
}

impl NearNames {
    /// Of these names.
    pub(crate) fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> NearNames {
        let mut by_beginning: Vec<Box<str>> = names.into_iter().map(Box::from).collect();
        by_beginning.sort_unstable();
        by_beginning.dedup();
        let mut by_end: Vec<(String, usize)> =
            by_beginning.iter().map(|name| reversed(name)).zip(0..).collect();
        by_end.sort_unstable();
        NearNames { by_beginning, by_end }
    }

    /// The name that is nearest to one that does not exist, if one is near enough.
    pub(crate) fn nearest(&self, name: &str) -> Option<&str> {
        let at = self.by_beginning.partition_point(|known| **known < *name);
        let alike = around(&self.by_beginning, at).iter().map(|known| &**known);
        let reversed = reversed(name);
        let at = self.by_end.partition_point(|(known, _)| *known < reversed);
        let ending_alike = around(&self.by_end, at).iter().map(|&(_, at)| &*self.by_beginning[at]);
        nearest(name, alike.chain(ending_alike))
    }
}

fn reversed(name: &str) -> String {
    name.chars().rev().collect()
}

fn around<T>(names: &[T], at: usize) -> &[T] {
    &names[at.saturating_sub(NEIGHBOURS)..names.len().min(at + NEIGHBOURS)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_one_mistake_is_found_among_thousands() {
        let names: Vec<String> = (0..5_000).map(|at| format!("{:05}-report.md", at * 7)).collect();
        let many = NearNames::new(names.iter().map(String::as_str).chain(["talks-in-geneva.md"]));
        for wrong in
            ["talk-in-geneva.md", "talks-in-genevo.md", "tolks-in-geneva.md", "talks-in-geneva.m"]
        {
            assert_eq!(many.nearest(wrong), Some("talks-in-geneva.md"), "{wrong}");
        }
        assert_eq!(many.nearest("something-else-altogether.md"), None);
        assert_eq!(NearNames::new([]).nearest("a"), None);
    }
}
