//! Just enough HTML to be a browser without script: elements, their text, and forms as they would be
//! sent. For our own well-formed pages, not for the web's.

use std::collections::HashMap;

/// An element of a page.
#[derive(Debug, Clone, Default)]
pub struct Element {
    pub tag: String,
    attributes: Vec<(String, String)>,
    pub parent: Option<usize>,
    /// Text directly inside, and elements, in order.
    children: Vec<Child>,
}

#[derive(Debug, Clone)]
enum Child {
    Text(String),
    Element(usize),
}

/// A page, read.
#[derive(Debug, Clone)]
pub struct Doc {
    elements: Vec<Element>,
}

/// A form with what it would send now. Change it, then give it to [`super::Client::send`].
#[derive(Debug, Clone)]
pub struct FilledForm {
    pub action: String,
    pub method: String,
    pub multipart: bool,
    pub fields: Vec<(String, String)>,
    pub files: Vec<(String, String, Vec<u8>)>,
    /// Names of the buttons that would send it, with their values.
    pub buttons: Vec<(String, String)>,
}

const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
];
const RAW: &[&str] = &["script", "style", "textarea", "title"];

impl Element {
    pub fn attr(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }

    pub fn has_class(&self, class: &str) -> bool {
        self.attr("class")
            .is_some_and(|all| all.split_whitespace().any(|own| own == class))
    }

    pub fn attributes(&self) -> &[(String, String)] {
        &self.attributes
    }
}

impl Doc {
    pub fn parse(html: &str) -> Doc {
        let mut doc = Doc {
            elements: vec![Element::default()],
        };
        let mut open = vec![0usize];
        let mut rest = html;
        while !rest.is_empty() {
            let Some(at) = rest.find('<') else {
                doc.text_into(&open, rest);
                break;
            };
            doc.text_into(&open, &rest[..at]);
            rest = &rest[at + 1..];
            if let Some(comment) = rest.strip_prefix("!--") {
                rest = after(comment, "-->");
            } else if rest.starts_with('!') || rest.starts_with('?') {
                rest = after(rest, ">");
            } else if let Some(end) = rest.strip_prefix('/') {
                let (name, behind) = end.split_once('>').unwrap_or((end, ""));
                let name = name.trim().to_ascii_lowercase();
                if let Some(at) = open.iter().rposition(|i| doc.elements[*i].tag == name) {
                    open.truncate(at.max(1));
                }
                rest = behind;
            } else if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
                let (element, closed, behind) = start_tag(rest);
                let (tag, raw) = (element.tag.clone(), RAW.contains(&element.tag.as_str()));
                let parent = *open.last().expect("the root");
                let index = doc.elements.len();
                doc.elements.push(Element {
                    parent: Some(parent),
                    ..element
                });
                doc.elements[parent].children.push(Child::Element(index));
                rest = behind;
                if raw {
                    let end = rest.find(&format!("</{tag}")).unwrap_or(rest.len());
                    doc.text_into(&[index], &rest[..end]);
                    rest = after(&rest[end..], ">");
                } else if !closed && !VOID.contains(&tag.as_str()) {
                    open.push(index);
                }
            } else {
                doc.text_into(&open, "<");
            }
        }
        doc
    }

    fn text_into(&mut self, open: &[usize], text: &str) {
        if !text.is_empty() {
            let parent = *open.last().expect("the root");
            self.elements[parent]
                .children
                .push(Child::Text(decode(text)));
        }
    }

    /// Every element in the order of the page.
    pub fn elements(&self) -> impl Iterator<Item = (usize, &Element)> {
        self.elements.iter().enumerate().skip(1)
    }

    pub fn all<'a>(&'a self, tag: &'a str) -> impl Iterator<Item = (usize, &'a Element)> {
        self.elements().filter(move |(_, e)| e.tag == tag)
    }

    pub fn by_id(&self, id: &str) -> Option<usize> {
        self.elements()
            .find(|(_, e)| e.attr("id") == Some(id))
            .map(|(i, _)| i)
    }

    /// The text of everything inside, blanks as one.
    pub fn text_of(&self, index: usize) -> String {
        let mut raw = String::new();
        self.gather(index, &mut raw);
        raw.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The text of the page as a reader sees it.
    pub fn text(&self) -> String {
        self.text_of(0)
    }

    fn gather(&self, index: usize, into: &mut String) {
        if matches!(self.elements[index].tag.as_str(), "script" | "style") {
            return;
        }
        for child in &self.elements[index].children {
            match child {
                Child::Text(text) => into.push_str(text),
                Child::Element(inner) => {
                    into.push(' ');
                    self.gather(*inner, into);
                    into.push(' ');
                }
            }
        }
    }

    fn raw_text(&self, index: usize) -> String {
        let mut raw = String::new();
        for child in &self.elements[index].children {
            if let Child::Text(text) = child {
                raw.push_str(text);
            }
        }
        raw
    }

    /// Where links lead.
    pub fn links(&self) -> Vec<String> {
        self.all("a")
            .filter_map(|(_, e)| e.attr("href").map(str::to_owned))
            .collect()
    }

    /// Every form of the page, filled as it stands.
    pub fn forms(&self) -> Vec<FilledForm> {
        let forms: Vec<usize> = self.all("form").map(|(i, _)| i).collect();
        forms.into_iter().map(|form| self.form_at(form)).collect()
    }

    fn form_at(&self, form: usize) -> FilledForm {
        let own = &self.elements[form];
        let mut filled = FilledForm {
            action: own.attr("action").unwrap_or_default().to_owned(),
            method: own.attr("method").unwrap_or("get").to_ascii_lowercase(),
            multipart: own
                .attr("enctype")
                .is_some_and(|e| e == "multipart/form-data"),
            fields: Vec::new(),
            files: Vec::new(),
            buttons: Vec::new(),
        };
        for (index, element) in self.elements() {
            let belongs = match element.attr("form") {
                Some(id) => own.attr("id") == Some(id),
                None => self.inside(index, form),
            };
            if belongs && element.attr("disabled").is_none() {
                self.add_control(index, element, &mut filled);
            }
        }
        filled
    }

    fn add_control(&self, index: usize, element: &Element, filled: &mut FilledForm) {
        let name = element.attr("name").unwrap_or_default().to_owned();
        let value = element.attr("value").unwrap_or_default().to_owned();
        match (element.tag.as_str(), element.attr("type").unwrap_or("text")) {
            ("button", "button" | "reset") | ("input", "button" | "reset" | "image") => {}
            ("button", _) | ("input", "submit") => filled.buttons.push((name, value)),
            _ if name.is_empty() => {}
            ("input", "checkbox" | "radio") if element.attr("checked").is_none() => {}
            ("input", "checkbox" | "radio") => {
                let value = element.attr("value").unwrap_or("on").to_owned();
                filled.fields.push((name, value));
            }
            ("input", "file") => {}
            ("input", _) => filled.fields.push((name, value)),
            ("textarea", _) => {
                let raw = self.raw_text(index);
                let text = raw.strip_prefix('\n').unwrap_or(&raw);
                filled
                    .fields
                    .push((name, text.replace("\r\n", "\n").replace('\n', "\r\n")));
            }
            ("select", _) => filled.fields.extend(self.chosen(index, &name)),
            _ => {}
        }
    }

    fn chosen(&self, select: usize, name: &str) -> Option<(String, String)> {
        let options: Vec<(usize, &Element)> = self
            .all("option")
            .filter(|(i, _)| self.inside(*i, select))
            .collect();
        let chosen = options
            .iter()
            .find(|(_, e)| e.attr("selected").is_some())
            .or(options.first())?;
        let value = chosen
            .1
            .attr("value")
            .map_or_else(|| self.text_of(chosen.0), str::to_owned);
        Some((name.to_owned(), value))
    }

    /// Whether an element stands inside another.
    pub fn inside(&self, index: usize, ancestor: usize) -> bool {
        let mut at = self.elements[index].parent;
        while let Some(parent) = at {
            if parent == ancestor {
                return true;
            }
            at = self.elements[parent].parent;
        }
        false
    }
}

impl FilledForm {
    /// Types into a field (or chooses, or ticks): one value in place of what it held.
    pub fn set(mut self, name: &str, value: &str) -> Self {
        match self.fields.iter_mut().find(|(own, _)| own == name) {
            Some((_, old)) => *old = value.to_owned(),
            None => self.fields.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    /// One value more (a further tick of the same name).
    pub fn add(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(own, _)| own != name);
        self
    }

    pub fn file(mut self, field: &str, name: &str, content: &[u8]) -> Self {
        self.files
            .push((field.to_owned(), name.to_owned(), content.to_vec()));
        self
    }

    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }

    pub fn values(&self) -> HashMap<&str, &str> {
        self.fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }
}

fn after<'a>(text: &'a str, end: &str) -> &'a str {
    text.split_once(end).map_or("", |(_, rest)| rest)
}

/// The start tag here (behind its `<`), whether it closes itself, and what follows.
fn start_tag(markup: &str) -> (Element, bool, &str) {
    let (name, mut rest) = cut(markup, |c| c.is_whitespace() || c == '>' || c == '/');
    let mut element = Element {
        tag: name.to_ascii_lowercase(),
        ..Element::default()
    };
    loop {
        rest = rest.trim_start();
        if let Some(behind) = rest.strip_prefix("/>") {
            return (element, true, behind);
        }
        if let Some(behind) = rest.strip_prefix('>') {
            return (element, false, behind);
        }
        if rest.is_empty() {
            return (element, false, rest);
        }
        if let Some(behind) = rest.strip_prefix(['/', '=', '"', '\'']) {
            rest = behind;
            continue;
        }
        let (name, behind) = cut(rest, |c| c.is_whitespace() || matches!(c, '=' | '>' | '/'));
        let (value, behind) = match behind.trim_start().strip_prefix('=').map(str::trim_start) {
            None => ("", behind),
            Some(value) => quoted(value),
        };
        element
            .attributes
            .push((name.to_ascii_lowercase(), decode(value)));
        rest = behind;
    }
}

fn quoted(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inside) = text.strip_prefix(quote) {
            return inside.split_once(quote).unwrap_or((inside, ""));
        }
    }
    cut(text, |c| c.is_whitespace() || c == '>')
}

fn cut(text: &str, end: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(end).unwrap_or(text.len()))
}

/// Character references.
pub fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('&') {
        out.push_str(before);
        let known = behind
            .split_once(';')
            .filter(|(name, _)| name.len() < 10)
            .and_then(|(name, tail)| Some((reference(name)?, tail)));
        rest = match known {
            Some((letter, tail)) => {
                out.push(letter);
                tail
            }
            None => {
                out.push('&');
                behind
            }
        };
    }
    out + rest
}

fn reference(name: &str) -> Option<char> {
    let code = |number: &str| match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => number.parse().ok(),
    };
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => char::from_u32(code(name.strip_prefix('#')?)?),
    }
}

#[test]
fn a_form_is_read_as_a_browser_sends_it() {
    let doc = Doc::parse(
        r#"<!doctype html><!-- <form> --><form id=f action="/a?b=1&amp;c" method=POST>
        <input type=hidden name=key value="&#34;x&#34;"><input name=t value=1><input type=checkbox name=c checked>
        <input type=radio name=r value=1><input type=radio name=r value=2 checked><input name=off disabled value=9>
        <select name=s><option>One</option><option value=2 selected>Two</option></select>
        <textarea name=x>
a &lt;b&gt;
</textarea><button name=go value=1>Go</button></form><p>1 <b>2</b>3</p><input form=f name=outside value=o>"#,
    );
    let form = doc.forms().remove(0);
    assert_eq!(
        (form.action.as_str(), form.method.as_str()),
        ("/a?b=1&c", "post")
    );
    let fields: Vec<(&str, &str)> = form
        .fields
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    let expected = [
        ("key", "\"x\""),
        ("t", "1"),
        ("c", "on"),
        ("r", "2"),
        ("s", "2"),
        ("x", "a <b>\r\n"),
        ("outside", "o"),
    ];
    assert_eq!(fields, expected);
    assert_eq!(form.buttons, [("go".to_owned(), "1".to_owned())]);
    assert!(doc.text().ends_with("Go 1 2 3"), "{}", doc.text());
}
