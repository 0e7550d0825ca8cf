//! Markdown through comrak and ammonia.
//!
//! comrak: CommonMark with links recognised, ~~struck~~ text and tables; a line end is a line
//! break, because people press Enter where they want one; raw HTML is shown, not obeyed. The tree
//! is changed a little before it is written:
//!
//! * an image becomes a link to it: nothing remote ever loads, so nobody learns that a note was
//!   read, and the words beside it are kept;
//! * headings start at level 3, below the page's own;
//! * a task item becomes ☐ or ☑: a check box that cannot be ticked is a trap for the keyboard.
//!
//! ammonia then lets through what is on the list below and nothing else: no classes, styles, ids
//! or images. Links go to http, https, mailto or a path of ours, and carry
//! `rel="noopener nofollow ugc"`. `pre` can be reached by keyboard, because it scrolls.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use comrak::arena_tree::NodeEdge;
use comrak::nodes::{NodeList, NodeValue};
use comrak::{Arena, Node, Options, format_html, parse_document};

const TAGS: [&str; 23] = [
    "p",
    "br",
    "hr",
    "strong",
    "em",
    "del",
    "code",
    "pre",
    "blockquote",
    "ul",
    "ol",
    "li",
    "h3",
    "h4",
    "h5",
    "h6",
    "a",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
];

const REL: &str = "noopener nofollow ugc";

/// The first level a heading gets.
const TOP_HEADING: u8 = 3;

/// Quotes in lists in quotes. The HTML parser's time grows with the square of the depth (100,000
/// times ">" took it over a minute), so what is deeper is shown as it was typed.
const MAX_DEPTH: usize = 100;

pub(super) fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.autolink = true;
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.tasklist = true;
    options.render.hardbreaks = true;
    options.render.escape = true;
    options.render.r#unsafe = false;
    options
}

/// `None` for a tree deeper than any text needs.
pub(super) fn sanitised(text: &str) -> Option<String> {
    let options = options();
    let arena = Arena::new();
    let root = parse_document(&arena, text, &options);
    if !adapt(&arena, root) {
        return None;
    }
    let mut html = String::with_capacity(text.len() * 2);
    // Writing to a string cannot fail; if it did, what there is would still be sanitised.
    let _ = format_html(root, &options, &mut html);
    let mut clean = SANITISER.clean(&html).to_string();
    clean.truncate(clean.trim_end_matches('\n').len());
    Some(clean)
}

/// The three changes of the tree; says no when it is too deep.
fn adapt<'a>(arena: &'a Arena<'a>, root: Node<'a>) -> bool {
    let mut depth = 0;
    for edge in root.traverse() {
        let NodeEdge::Start(node) = edge else {
            depth -= 1;
            continue;
        };
        depth += 1;
        if depth > MAX_DEPTH {
            return false;
        }
        let value = &mut node.data_mut().value;
        match value {
            NodeValue::Image(link) => *value = NodeValue::Link(std::mem::take(link)),
            NodeValue::Heading(heading) => {
                heading.level = heading.level.saturating_add(TOP_HEADING - 1).min(6);
            }
            _ => {}
        }
    }
    for item in root.descendants() {
        let NodeValue::TaskItem(task) = item.data().value else {
            continue;
        };
        let mark = if task.symbol.is_some() {
            "☑ "
        } else {
            "☐ "
        };
        let mark = arena.alloc(NodeValue::Text(mark.into()).into());
        item.data_mut().value = NodeValue::Item(NodeList::default());
        // Words stand in a paragraph: an item without any, or with a list at once, gets one.
        let words = item.first_child().filter(|first| {
            let value = &first.data().value;
            matches!(value, NodeValue::Paragraph | NodeValue::Heading(_))
        });
        match words {
            Some(first) => first.prepend(mark),
            None => {
                let first = arena.alloc(NodeValue::Paragraph.into());
                first.append(mark);
                item.prepend(first);
            }
        }
    }
    true
}

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let attributes = [("a", "href"), ("ol", "start")];
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from(TAGS))
        .clean_content_tags(HashSet::from(["script", "style"]))
        .generic_attributes(HashSet::new())
        .tag_attributes(
            attributes
                .map(|(tag, name)| (tag, HashSet::from([name])))
                .into(),
        )
        .set_tag_attribute_values(HashMap::from([("pre", HashMap::from([("tabindex", "0")]))]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .attribute_filter(|_, name, value| {
            let fits = name != "start" || value.bytes().all(|b| b.is_ascii_digit());
            fits.then_some(Cow::Borrowed(value))
        })
        .url_relative(UrlRelative::Custom(Box::new(our_path)))
        .link_rel(Some(REL));
    builder
});

/// Of links without a scheme only paths of ours stay; `//host` and `/\host` lead elsewhere.
fn our_path(url: &str) -> Option<Cow<'_, str>> {
    let mut chars = url.chars();
    let ours = chars.next() == Some('/') && !matches!(chars.next(), Some('/' | '\\'));
    (ours && !url.chars().any(char::is_control)).then_some(Cow::Borrowed(url))
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )]

    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_people_write() {
        let rel = format!("rel=\"{REL}\"");
        for (text, html) in [
            ("a **b** *c* ~~d~~ `e`", "<p>a <strong>b</strong> <em>c</em> <del>d</del> <code>e</code></p>".into()),
            ("# A\n## B\n##### E", "<h3>A</h3>\n<h4>B</h4>\n<h6>E</h6>".into()),
            ("one\ntwo", "<p>one<br>\ntwo</p>".into()),
            ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>".into()),
            ("3. a", "<ol start=\"3\">\n<li>a</li>\n</ol>".into()),
            ("> a", "<blockquote>\n<p>a</p>\n</blockquote>".into()),
            ("- [x] a\n- [ ] b", "<ul>\n<li>☑ a</li>\n<li>☐ b</li>\n</ul>".into()),
            ("```sh\na < b\n```", "<pre tabindex=\"0\"><code>a &lt; b\n</code></pre>".into()),
            ("<b onclick=x>hi</b>", "<p>&lt;b onclick=x&gt;hi&lt;/b&gt;</p>".into()),
            ("[x](/incidents/INC-1)", format!("<p><a href=\"/incidents/INC-1\" {rel}>x</a></p>")),
            ("[x](//evil.example)", format!("<p><a {rel}>x</a></p>")),
            ("[x](/\\evil.example)", format!("<p><a href=\"/%5Cevil.example\" {rel}>x</a></p>")),
            ("[x](evil)", format!("<p><a {rel}>x</a></p>")),
            ("[x](ftp://a.b)", format!("<p><a {rel}>x</a></p>")),
            ("https://a.example/?b=1&c=2", format!("<p><a href=\"https://a.example/?b=1&amp;c=2\" {rel}>https://a.example/?b=1&amp;c=2</a></p>")),
            ("mail anna@a.example", format!("<p>mail <a href=\"mailto:anna@a.example\" {rel}>anna@a.example</a></p>")),
            ("![the photo](https://a.example/x.png)", format!("<p><a href=\"https://a.example/x.png\" {rel}>the photo</a></p>")),
            ("|a|b|\n|-|:-:|\n|1|2|", "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>".into()),
            ("---", "<hr>".into()),
            ("", String::new()),
        ] {
            assert_eq!(sanitised(text).unwrap(), html, "{text}");
        }
    }

    /// A check list out of a template has items nobody wrote anything in.
    #[test]
    fn task_items_without_words_are_shown() {
        for text in [
            "- [ ]\n",
            "- [ ] \n- [x]\n",
            "- [ ] \n  - [ ] a\n",
            "* [ ]\n\n  > a\n",
        ] {
            assert!(sanitised(text).is_some(), "{text}");
        }
    }

    /// Every `<` of the output begins a tag of the list, with no attribute but the allowed ones and
    /// no link but to the allowed schemes. This says more than looking for bad words, and bad words
    /// may stand in the *text*.
    fn assert_harmless(html: &str) {
        let mut parts = html.split('<');
        assert!(!parts.next().unwrap().contains('>'), "{html}");
        for part in parts {
            let (tag, text) = part
                .split_once('>')
                .unwrap_or_else(|| panic!("open tag: {html}"));
            assert!(!text.contains('>'), "{html}");
            let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
            let name = name.strip_prefix('/').unwrap_or(name);
            assert!(TAGS.contains(&name), "<{tag}> in {html}");
            let mut rest = attributes;
            while !rest.is_empty() {
                let (key, after) = rest
                    .split_once("=\"")
                    .unwrap_or_else(|| panic!("{tag} in {html}"));
                let (value, after) = after.split_once('"').unwrap();
                rest = after.strip_prefix(' ').unwrap_or(after);
                match (name, key) {
                    ("pre", "tabindex") => assert_eq!(value, "0"),
                    ("a", "rel") => assert_eq!(value, REL),
                    ("ol", "start") => assert!(value.parse::<u64>().is_ok(), "{html}"),
                    ("a", "href") => {
                        let lower = value.to_lowercase();
                        let web = ["http://", "https://", "http:", "https:", "mailto:"];
                        let path = lower.starts_with('/')
                            && !lower.starts_with("//")
                            && !lower.starts_with("/\\");
                        assert!(
                            path || web.iter().any(|s| lower.starts_with(s)),
                            "{value} in {html}"
                        );
                        assert!(!value.chars().any(char::is_control), "{value:?}");
                    }
                    _ => panic!("{name} {key} in {html}"),
                }
            }
        }
    }

    #[test]
    fn hostile_text_comes_out_harmless() {
        let corpus: Vec<&str> = include_str!("markdown_xss.txt").split("\n%\n").collect();
        assert!(corpus.len() >= 60, "{}", corpus.len());
        for payload in corpus {
            for text in [
                payload.to_owned(),
                format!("x **y** {payload}"),
                format!("> {payload}"),
                format!("- {payload}\n\n  {payload}"),
                format!("[{payload}]({payload})"),
                format!("![{payload}](<{payload}>)"),
                format!("[a]\n\n[a]: {payload}"),
                format!("| {payload} |\n|-|\n| {payload} |"),
                format!("```{payload}\n{payload}\n```"),
                format!("# {payload}"),
                format!("`{payload}`\0"),
            ] {
                let html = sanitised(&text).unwrap();
                assert_harmless(&html);
                assert_harmless(crate::platform::kernel::markdown::render(&text).as_str());
                // A second pass over its own output finds nothing to open up.
                assert_harmless(&SANITISER.clean(&html).to_string());
            }
            // Even without the first wall.
            assert_harmless(&SANITISER.clean(payload).to_string());
        }
    }

    /// Shapes that made Markdown parsers quadratic, at the length that is still parsed.
    #[test]
    fn hostile_shapes_take_no_time() {
        let max = super::super::MAX_PARSED_BYTES;
        for shape in [
            ">",
            "> ",
            "[",
            "]",
            "![",
            "[a](",
            "*a ",
            "**a ",
            "_a*",
            "`",
            "` a `` ",
            "<",
            "<a ",
            "<!--",
            "<?",
            "&",
            "\\",
            "- ",
            "1. ",
            "*\n",
            "[a]: b\n",
            "~~",
            "~a ",
            "| ",
            "|\n",
            "a|\n-|\n",
            "www.",
            "http://",
            "a@",
            "@",
            ":/",
            "[[[a]",
            "![[]()",
            "**x [a*b**c*](d) ",
            "<a@",
            "#\n",
            "\t",
            "\n>",
            "x\n\n",
        ] {
            let text = shape.repeat(max / shape.len());
            let start = Instant::now();
            assert_harmless(&sanitised(&text).unwrap_or_default());
            let took = start.elapsed();
            assert!(took < Duration::from_secs(10), "{shape:?} took {took:?}");
        }
        let nested: String = (0..500)
            .map(|n| format!("{}- a\n", " ".repeat(n)))
            .collect();
        assert_harmless(&sanitised(&nested).unwrap_or_default());
        let wide = format!(
            "{}\n{}\n{}",
            "|a".repeat(10_000),
            "|-".repeat(10_000),
            "|b\n".repeat(10_000)
        );
        assert_harmless(&sanitised(&wide).unwrap());
        assert_eq!(sanitised(&">".repeat(200)), None);
        let shown = crate::platform::kernel::markdown::render(&">".repeat(200));
        assert_eq!(shown.as_str(), format!("<p>{}</p>", "&gt;".repeat(200)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn any_mixture_is_harmless(text in r#"([a-z ]{0,3}|[\[\]()<>!*_~`|#&;:"'=/\\@\n\t -]{1,3}|javascript:|<script|<svg|<math|onload=|style=|&#x6A;|\]\(|www\.|http://|\u{0}|\u{feff}){0,30}"#) {
            assert_harmless(&sanitised(&text).unwrap_or_default());
        }

        #[test]
        fn anything_is_harmless(text in any::<String>()) {
            assert_harmless(&sanitised(&text).unwrap_or_default());
        }
    }
}
