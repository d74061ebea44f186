//! Finds the existing name closest to a wrong one, among many.
//!
//! [`nearest`] compares with all names, so that many queries would take quadratic time. Here a
//! query takes time in the logarithm of their number: a name with one mistake shares its beginning
//! or its end with the right one, so only its neighbours in two sorted orders are compared.

use super::diagnostic::nearest;

/// How many neighbours on either side are compared, in each order.
const NEIGHBOURS: usize = 8;

/// Names sorted forwards and backwards.
#[derive(Debug, Default)]
pub(crate) struct NearNames {
    by_beginning: Vec<Box<str>>,
    /// Each name reversed, with its index in the other order.
    by_end: Vec<(String, usize)>,
}

impl NearNames {
    pub(crate) fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> NearNames {
        let mut by_beginning: Vec<Box<str>> = names.into_iter().map(Box::from).collect();
        by_beginning.sort_unstable();
        by_beginning.dedup();
        let mut by_end: Vec<(String, usize)> =
            by_beginning.iter().map(|name| reversed(name)).zip(0..).collect();
        by_end.sort_unstable();
        NearNames { by_beginning, by_end }
    }

    /// The name closest to one that does not exist, if it is close enough.
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
