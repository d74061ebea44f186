//! Paths that git treats as parts of `.git` on some system. git only warns and skips them, so the
//! file would be missing.
//!
//! The rules of git's `verify_path`, for all systems at once, as forges apply them.

/// Whether git refuses a file of this path.
pub(super) fn is_refused(path: &str) -> bool {
    path.split(['/', '\\']).any(is_repository)
}

/// Whether a segment means `.git` on some system.
fn is_repository(part: &str) -> bool {
    let seen: String = part.chars().filter(|&letter| !is_passed_over(letter)).collect();
    // Windows ignores dots and spaces at the end, and what follows a colon.
    let name = seen.split(':').next().unwrap_or_default().trim_end_matches([' ', '.']);
    [".git", "git~1"].iter().any(|own| name.eq_ignore_ascii_case(own))
}

/// Characters that macOS ignores in names.
fn is_passed_over(letter: char) -> bool {
    matches!(
        letter,
        '\u{200c}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{206a}'..='\u{206f}'
            | '\u{feff}'
    )
}

#[cfg(test)]
mod tests {
    use super::is_refused;

    #[test]
    fn every_way_to_write_the_repository_s_own_folder_is_known() {
        for path in [
            ".git/config",
            "a/.GIT/x",
            "a/.git",
            "git~1",
            "GIT~1/x",
            ".git ",
            ".git. ./x",
            ".git:data",
            ".g\u{200c}it",
            "a\\.git",
        ] {
            assert!(is_refused(path), "{path}");
        }
        for path in
            [".gitignore", ".github/x", "git", "a.git", "..git", "git~2", ".git_", "x.git/a"]
        {
            assert!(!is_refused(path), "{path}");
        }
    }
}
