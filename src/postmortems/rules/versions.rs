//! Several people write one post-mortem: each section has versions, and what two wrote at once is shown
//! to the second, both of it. Pure.
//!
//! Every saved text stays as a version. A save names the version it began with; when there is a newer
//! one with another text, nothing is written: both texts come back, and where they changed different
//! paragraphs a joined text is proposed, to be looked at and saved like any other.

/// What comes of a save.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Save {
    /// A new version.
    Write,
    /// The text stands there already, or nothing was changed.
    Nothing,
    /// Somebody saved another text meanwhile. Nothing is written; the author has both before them.
    Conflict {
        /// Theirs and mine as one, where they do not touch.
        proposed: Option<String>,
    },
}

/// A section as it stands, or stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version<'a> {
    pub n: i64,
    pub text: &'a str,
}

/// What comes of saving `mine`, begun with `base`, on a section that stands at `head`. `base` is `None`
/// where the form names a version that never was.
pub fn save(base: Option<Version<'_>>, head: Version<'_>, mine: &str) -> Save {
    let Some(base) = base else {
        return if mine == head.text {
            Save::Nothing
        } else {
            Save::Conflict { proposed: None }
        };
    };
    if mine == head.text || mine == base.text {
        // Whoever changed nothing takes nothing back of what others wrote.
        return Save::Nothing;
    }
    if base.n == head.n || base.text == head.text {
        return Save::Write;
    }
    Save::Conflict {
        proposed: joined(base.text, head.text, mine),
    }
}

/// The text with both changes, where each is one run of lines and the two neither touch nor meet.
fn joined(base: &str, theirs: &str, mine: &str) -> Option<String> {
    let base: Vec<&str> = base.split_inclusive('\n').collect();
    let theirs: Vec<&str> = theirs.split_inclusive('\n').collect();
    let mine: Vec<&str> = mine.split_inclusive('\n').collect();
    let (a, b) = (changed(&base, &theirs), changed(&base, &mine));
    let (first, first_text, second, second_text) = if a.0 <= b.0 {
        (a, &theirs, b, &mine)
    } else {
        (b, &mine, a, &theirs)
    };
    // At least one line that both left as it was lies between.
    if first.1 >= second.0 {
        return None;
    }
    let mut all = String::new();
    let head = first_text.get(..first_text.len() - (base.len() - first.1))?;
    let between = base.get(first.1..second.0)?;
    let tail = second_text.get(second.0..)?;
    for line in head.iter().chain(between).chain(tail) {
        if !all.is_empty() && !all.ends_with('\n') {
            return None;
        }
        all.push_str(line);
    }
    Some(all)
}

/// The lines of the base that another text has otherwise: from, to.
fn changed(base: &[&str], other: &[&str]) -> (usize, usize) {
    let same = base.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (rest, others) = (
        base.get(same..).unwrap_or_default(),
        other.get(same..).unwrap_or_default(),
    );
    let tail = rest
        .iter()
        .rev()
        .zip(others.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    (same, base.len() - tail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn v(n: i64, text: &str) -> Version<'_> {
        Version { n, text }
    }

    #[test]
    fn a_save_on_what_one_read_is_a_version() {
        assert_eq!(save(Some(v(1, "a")), v(1, "a"), "b"), Save::Write);
        assert_eq!(save(Some(v(1, "a")), v(1, "a"), "a"), Save::Nothing);
        // Somebody changed it and changed it back.
        assert_eq!(save(Some(v(1, "a")), v(3, "a"), "b"), Save::Write);
    }

    #[test]
    fn two_at_once_see_both_texts() {
        let conflict = |proposed: Option<&str>| Save::Conflict {
            proposed: proposed.map(str::to_owned),
        };
        assert_eq!(save(Some(v(1, "a")), v(2, "b"), "c"), conflict(None));
        assert_eq!(save(None, v(2, "b"), "c"), conflict(None));
        assert_eq!(save(Some(v(1, "a")), v(2, "b"), "b"), Save::Nothing);
        // One who only looked takes nothing back.
        assert_eq!(save(Some(v(1, "a")), v(2, "b"), "a"), Save::Nothing);
        let base = "one\n\ntwo\n\nthree\n";
        let theirs = "one!\n\ntwo\n\nthree\n";
        let mine = "one\n\ntwo\n\nthree\n\nfour\n";
        let both = "one!\n\ntwo\n\nthree\n\nfour\n";
        assert_eq!(
            save(Some(v(1, base)), v(2, theirs), mine),
            conflict(Some(both))
        );
        assert_eq!(
            save(Some(v(1, base)), v(2, mine), theirs),
            conflict(Some(both))
        );
        assert_eq!(
            save(Some(v(1, base)), v(2, theirs), "ONE\n\ntwo\n\nthree\n"),
            conflict(None)
        );
    }

    proptest! {
        /// A proposal has every line that either wrote, and lacks what either took out.
        #[test]
        fn a_proposal_loses_nothing(
            base in prop::collection::vec("[a-c]", 0..8),
            theirs in (0usize..9, 0usize..9, prop::collection::vec("[x]", 0..3)),
            mine in (0usize..9, 0usize..9, prop::collection::vec("[y]", 0..3)),
        ) {
            let lines = |all: &[String]| all.iter().map(|l| format!("{l}\n")).collect::<String>();
            let edit = |(a, b, new): &(usize, usize, Vec<String>)| {
                let (a, b) = ((*a).min(base.len()), (*b).min(base.len()));
                let (from, to) = (a.min(b), a.max(b));
                [&base[..from], new, &base[to..]].concat()
            };
            let (t, m) = (lines(&edit(&theirs)), lines(&edit(&mine)));
            let b = lines(&base);
            if let Save::Conflict { proposed: Some(all) } = save(Some(v(1, &b)), v(2, &t), &m) {
                let count = |text: &str, c: char| text.matches(c).count() as i64;
                for c in ['a', 'b', 'c', 'x', 'y'] {
                    let expected = count(&t, c) + count(&m, c) - count(&b, c);
                    prop_assert_eq!(count(&all, c), expected, "{} | {} | {} -> {}", b, t, m, all);
                }
            }
        }

        /// A save that is not written comes back; one that is written was begun with what stands there.
        #[test]
        fn nothing_is_overwritten_unseen(b in "[ab]{0,3}", h in "[ab]{0,3}", m in "[ab]{0,3}", newer in any::<bool>()) {
            let head = if newer { v(2, &h) } else { v(1, &b) };
            match save(Some(v(1, &b)), head, &m) {
                Save::Write => prop_assert_eq!(head.text, b.as_str()),
                Save::Nothing => prop_assert!(m == head.text || m == b),
                Save::Conflict { .. } => prop_assert!(m != head.text && b != head.text),
            }
        }
    }
}
