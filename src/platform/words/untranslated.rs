//! Finds the words of a page that did not come from the catalogue.
//!
//! The page is rendered in the pseudo-language, where the catalogue leaves no ASCII letter: two of them in
//! a row are a word somebody wrote into a template or into code. Data (names, titles, numbers) is not ours
//! to translate and says so with `translate="no"`, which helps browsers' translators as well.
//! The reader below is for our own well-formed HTML, not for the web's.

/// Elements whose text is never interface text.
const SILENT: &[&str] = &["script", "style", "kbd", "code", "template", "textarea"];
/// Elements whose text ends at their own end tag only.
const RAW: &[&str] = &["script", "style", "textarea", "title"];
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
];
/// Attributes a person reads or hears.
const READ: &[&str] = &[
    "alt",
    "aria-description",
    "aria-label",
    "aria-placeholder",
    "aria-roledescription",
    "aria-valuetext",
    "placeholder",
    "title",
];

/// Each piece of text, or `attribute: text`, that holds an untranslated word. `allowed` are words and
/// phrases that stay as they are (they count only as whole words).
#[must_use]
pub fn untranslated(html: &str, allowed: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Vec<(String, bool)> = Vec::new();
    for token in tokens(html) {
        let hidden = open.last().is_some_and(|(_, hidden)| *hidden);
        match token {
            Token::Text(text) if !hidden => check(&mut found, None, text, allowed),
            Token::Text(_) => {}
            Token::Close(name) => {
                if let Some(at) = open.iter().rposition(|(open, _)| *open == name) {
                    open.truncate(at);
                }
            }
            Token::Open(tag) => {
                let hidden = match tag.attribute("translate") {
                    Some("no") => true,
                    Some(_) => false,
                    None => hidden,
                };
                if !hidden {
                    for (name, value) in tag.attributes.iter().filter(|(name, _)| tag.is_read(name))
                    {
                        check(&mut found, Some(name), value, allowed);
                    }
                }
                if !tag.closed && !VOID.contains(&tag.name.as_str()) {
                    let silent = SILENT.contains(&tag.name.as_str());
                    open.push((tag.name, hidden || silent));
                }
            }
        }
    }
    found
}

fn check(found: &mut Vec<String>, attribute: Option<&str>, raw: &str, allowed: &[&str]) {
    let text = decode(raw);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut rest = text.clone();
    for word in allowed.iter().filter(|word| !word.is_empty()) {
        rest = without(&rest, word);
    }
    let plain = rest
        .as_bytes()
        .windows(2)
        .any(|pair| pair.iter().all(u8::is_ascii_alphabetic));
    if plain {
        found.push(attribute.map_or_else(|| text.clone(), |name| format!("{name}: {text}")));
    }
}

/// `text` with each whole-word occurrence of `word` blanked.
fn without(text: &str, word: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(word) {
        let whole =
            !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric);
        out.push_str(before);
        out.push_str(if whole { " " } else { word });
        rest = after;
    }
    out + rest
}

#[derive(Debug, PartialEq)]
enum Token<'a> {
    Open(Tag<'a>),
    Close(String),
    Text(&'a str),
}

#[derive(Debug, PartialEq)]
struct Tag<'a> {
    name: String,
    attributes: Vec<(String, &'a str)>,
    /// Written `<path/>`.
    closed: bool,
}

impl Tag<'_> {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| *value)
    }

    fn is_read(&self, attribute: &str) -> bool {
        match attribute {
            "value" => {
                self.name == "input"
                    && matches!(self.attribute("type"), Some("submit" | "button" | "reset"))
            }
            "label" => matches!(self.name.as_str(), "optgroup" | "option" | "track"),
            _ => READ.contains(&attribute),
        }
    }
}

fn tokens(html: &str) -> Vec<Token<'_>> {
    let mut out = Vec::new();
    let mut rest = html;
    while !rest.is_empty() {
        let Some((text, markup)) = rest.split_once('<') else {
            out.push(Token::Text(rest));
            break;
        };
        if !text.is_empty() {
            out.push(Token::Text(text));
        }
        rest = if let Some(comment) = markup.strip_prefix("!--") {
            after(comment, "-->")
        } else if markup.starts_with('!') {
            after(markup, ">")
        } else if let Some(end) = markup.strip_prefix('/') {
            out.push(Token::Close(
                end.split('>')
                    .next()
                    .unwrap_or_default()
                    .trim()
                    .to_ascii_lowercase(),
            ));
            after(end, ">")
        } else if markup.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let (tag, after_tag) = tag(markup);
            let raw = RAW.contains(&tag.name.as_str()) && !tag.closed;
            let end = format!("</{}", tag.name);
            out.push(Token::Open(tag));
            match after_tag.find(&end) {
                Some(at) if raw => {
                    let (content, close) = after_tag.split_at(at);
                    out.push(Token::Text(content));
                    close
                }
                _ => after_tag,
            }
        } else {
            out.push(Token::Text("<"));
            markup
        };
    }
    out
}

fn after<'a>(text: &'a str, end: &str) -> &'a str {
    text.split_once(end).map_or("", |(_, rest)| rest)
}

/// The tag that starts here (behind its `<`), and what follows it.
fn tag(markup: &str) -> (Tag<'_>, &str) {
    let (name, mut rest) = split(markup, |c| c.is_whitespace() || c == '>' || c == '/');
    let mut tag = Tag {
        name: name.to_ascii_lowercase(),
        attributes: Vec::new(),
        closed: false,
    };
    loop {
        rest = rest.trim_start();
        if let Some(behind) = rest.strip_prefix("/>") {
            tag.closed = true;
            return (tag, behind);
        }
        if let Some(behind) = rest.strip_prefix('>') {
            return (tag, behind);
        }
        if rest.is_empty() {
            return (tag, rest);
        }
        if let Some(behind) = rest.strip_prefix(['/', '=', '"', '\'']) {
            rest = behind;
            continue;
        }
        let (name, behind) = split(rest, |c| c.is_whitespace() || matches!(c, '=' | '>' | '/'));
        let (value, behind) = match behind.trim_start().strip_prefix('=').map(str::trim_start) {
            None => ("", behind),
            Some(value) => quoted(value),
        };
        tag.attributes.push((name.to_ascii_lowercase(), value));
        rest = behind;
    }
}

fn quoted(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inside) = text.strip_prefix(quote) {
            return inside.split_once(quote).unwrap_or((inside, ""));
        }
    }
    split(text, |c| c.is_whitespace() || c == '>')
}

fn split(text: &str, end: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(end).unwrap_or(text.len()))
}

/// Character references, as far as their letters could be taken for words.
fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('&') {
        out.push_str(before);
        rest = match behind.split_once(';') {
            Some((name, tail))
                if name.len() < 10
                    && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '#') =>
            {
                out.push(reference(name));
                tail
            }
            _ => {
                out.push('&');
                behind
            }
        };
    }
    out + rest
}

fn reference(name: &str) -> char {
    let code = match name.strip_prefix('#') {
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => number.parse().ok(),
        },
        None => None,
    };
    match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "nbsp" => ' ',
        _ => code.and_then(char::from_u32).unwrap_or('\u{fffd}'),
    }
}

#[cfg(test)]
mod tests;
