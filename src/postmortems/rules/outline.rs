//! A post-mortem that was written elsewhere, in Markdown, as the sections of one here, and back. Pure.
//!
//! Each heading goes to the section whose words it has; what stands under a deeper heading goes with the
//! one above it unless it names a section itself; what no heading claims is what happened. No line is
//! dropped: a heading stays with its text, so that written out again it says what it said.

use super::sections::Section;

/// Words of a heading that name a section; the first that is found decides.
const NAMED: [(Section, &[&str]); 10] = [
    (Section::Summary, &["summary", "tl;dr", "overview"]),
    (
        Section::Surprise,
        &["surprise", "why it wasn't caught", "wasn't it caught"],
    ),
    (Section::Luck, &["lucky", "luck"]),
    (Section::WentWell, &["went well", "worked well"]),
    (
        Section::DidNotGoWell,
        &[
            "gone better",
            "went wrong",
            "not go well",
            "went poorly",
            "went badly",
        ],
    ),
    (Section::Detection, &["detection", "escalation", "response"]),
    (Section::Questions, &["open question", "questions"]),
    (Section::Outside, &["external message", "customer message"]),
    (Section::Impact, &["impact"]),
    (
        Section::WhatHappened,
        &[
            "timeline",
            "what happened",
            "cause",
            "how did it",
            "remediation",
            "lessons",
            "follow-up",
        ],
    ),
];

/// A text taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// The first heading of the first level, if the text begins with one.
    pub title: String,
    /// In the order of the source; a section may stand there several times.
    pub parts: Vec<(Section, String)>,
}

impl Outline {
    /// The whole text of a section: its parts one after the other.
    pub fn section(&self, which: Section) -> String {
        let parts = self.parts.iter().filter(|(of, _)| *of == which);
        parts.map(|(_, text)| text.as_str()).collect()
    }

    /// As one text again.
    pub fn written(&self) -> String {
        let parts: String = self.parts.iter().map(|(_, text)| text.as_str()).collect();
        format!("{}{parts}", self.title)
    }
}

/// Takes a text apart.
pub fn read(source: &str) -> Outline {
    let mut outline = Outline {
        title: String::new(),
        parts: Vec::new(),
    };
    let (mut section, mut level, mut fence) = (Section::WhatHappened, 7, "");
    for line in source.split_inclusive('\n') {
        let text = line.trim();
        if let Some(mark) = ["```", "~~~"]
            .into_iter()
            .find(|mark| text.starts_with(mark))
        {
            fence = if fence.is_empty() {
                mark
            } else if fence == mark {
                ""
            } else {
                fence
            };
        }
        let depth = text.len() - text.trim_start_matches('#').len();
        let is_heading = fence.is_empty() && (1..=6).contains(&depth) && text.contains("# ");
        if is_heading && depth == 1 && outline.title.is_empty() && outline.parts.is_empty() {
            outline.title = line.to_owned();
            continue;
        }
        if is_heading {
            match named(text) {
                Some(named) => (section, level) = (named, depth),
                None if depth <= level => (section, level) = (Section::WhatHappened, depth),
                None => {}
            }
        }
        match outline.parts.last_mut() {
            Some((last, all)) if *last == section => all.push_str(line),
            _ => outline.parts.push((section, line.to_owned())),
        }
    }
    outline
}

fn named(heading: &str) -> Option<Section> {
    let folded = heading.replace('’', "'").to_lowercase();
    let found = NAMED
        .iter()
        .find(|(_, words)| words.iter().any(|word| folded.contains(word)));
    found.map(|(section, _)| *section)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SOURCE: &str = "# Flags are down\n\nOn 29 September.\n\n## Summary\n\nA timeout.\n\n## Timeline\n\n```\n# Impact\n```\n\n## Impact\n\n### Europe\n\nNone.\n\n## Thanks\n\nAda.\n";

    #[test]
    fn headings_say_where_a_text_belongs_and_no_line_is_dropped() {
        let read = read(SOURCE);
        assert_eq!(read.title, "# Flags are down\n");
        assert_eq!(
            read.section(Section::Summary),
            "## Summary\n\nA timeout.\n\n"
        );
        assert_eq!(
            read.section(Section::Impact),
            "## Impact\n\n### Europe\n\nNone.\n\n"
        );
        let happened = read.section(Section::WhatHappened);
        assert!(
            happened.contains("On 29")
                && happened.contains("# Impact")
                && happened.contains("Ada.")
        );
        assert_eq!(read.written(), SOURCE);
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_written_again(source in "([#`~ a-z\n]|## Impact\n|# Summary\n|```\n){0,60}") {
            prop_assert_eq!(read(&source).written(), source);
        }
    }
}
