//! Tags of languages (BCP 47) in the names of files and folders, and in addresses.
//!
//! Any two letters could be a tag by its form; a name counts as one only where it is a language's that
//! people write in. Made from names by `content::languages`; addresses take their part from here.

/// Languages with two letters (ISO 639-1).
const TWO_LETTERS: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch \
    co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi \
    ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky \
    la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om \
    or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te \
    tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// Languages with three letters that sites are written in.
const THREE_LETTERS: &str = "ast arz ary bho ceb ckb cmn crh dsb fil fur gsw haw hsb kab kmr lad lmo mai nan nds \
     pap pcm pnb prs rue scn sco shn smn szl tzm vec vls wuu yue";

/// The tag that a part of a name stands for, in its usual writing: `pt_br` is `pt-BR`.
pub(crate) fn of_name(part: &str) -> Option<String> {
    let mut parts = part.split(['-', '_']);
    let primary = parts.next()?;
    let known = [TWO_LETTERS, THREE_LETTERS]
        .iter()
        .any(|list| list.split_ascii_whitespace().any(|tag| tag == primary));
    let old = [("iw", "he"), ("in", "id"), ("ji", "yi")];
    let current = old.iter().find(|(old, _)| *old == primary).map(|(_, current)| *current);
    let mut tag = current.or(known.then_some(primary))?.to_owned();
    let mut rest = parts.peekable();
    if let Some(script) = rest.next_if(|part| is_of_letters(part, 4)) {
        tag.push('-');
        tag.push_str(&script[..1].to_ascii_uppercase());
        tag.push_str(&script[1..].to_ascii_lowercase());
    }
    let is_region = |part: &&str| is_of_letters(part, 2) || part.len() == 3 && is_number(part);
    if let Some(region) = rest.next_if(is_region) {
        tag.push('-');
        tag.push_str(&region.to_ascii_uppercase());
    }
    rest.next().is_none().then_some(tag)
}

fn is_of_letters(part: &str, count: usize) -> bool {
    part.len() == count && part.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn is_number(part: &str) -> bool {
    part.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether two tags are one, however they are written.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    let usual = |tag: &str| of_name(tag).unwrap_or_else(|| tag.replace('_', "-"));
    usual(one).eq_ignore_ascii_case(&usual(other))
}

/// The part of an address that names a language: `pt-br`.
pub(crate) fn address_part(tag: &str) -> String {
    of_name(tag).unwrap_or_else(|| tag.to_owned()).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_languages_are_known_from_other_words() {
        for (part, tag) in [
            ("ar", "ar"),
            ("pt-br", "pt-BR"),
            ("pt_BR", "pt-BR"),
            ("zh-hant-tw", "zh-Hant-TW"),
            ("zh-Hans", "zh-Hans"),
            ("es-419", "es-419"),
            ("iw", "he"),
            ("ckb", "ckb"),
        ] {
            assert_eq!(of_name(part).as_deref(), Some(tag), "{part}");
        }
        for word in ["old", "v2", "AR", "bak", "min", "part", "", "de-", "en-final-x", "notes"] {
            assert_eq!(of_name(word), None, "{word}");
        }
        assert!(is_same("pt_BR", "pt-br") && is_same("iw", "he") && !is_same("pt", "pt-BR"));
    }
}
