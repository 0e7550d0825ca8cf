//! What must stand nowhere in templates and source.

use crate::app::{Doc, root, walk};

fn texts(folder: &str, extension: &str) -> Vec<(String, String)> {
    walk(&root().join(folder))
        .into_iter()
        .filter(|f| f.extension().is_some_and(|e| e == extension))
        .map(|f| {
            let name = f.strip_prefix(root()).unwrap().display().to_string();
            let text = std::fs::read_to_string(&f).unwrap();
            (name, text)
        })
        .collect()
}

/// The policy forbids inline style and script; a template must not even try. `|safe` is how text of
/// a person becomes markup.
#[test]
fn templates_hold_nothing_inline_and_nothing_unescaped() {
    let mut wrong = Vec::new();
    let templates = texts("templates", "html");
    assert!(templates.len() > 3);
    for (name, text) in templates {
        let plain: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for bad in ["|safe", "| safe", "|escape(\"none\")", "autoescape"] {
            if plain.contains(bad) {
                wrong.push(format!("{name}: {bad}"));
            }
        }
        for (_, element) in Doc::parse(&text).elements() {
            let attributes = element.attributes().iter();
            for (attribute, value) in attributes {
                if attribute == "style" || (attribute.starts_with("on") && attribute.len() > 3) {
                    wrong.push(format!("{name}: <{} {attribute}=…>", element.tag));
                }
                if value.trim_start().to_lowercase().starts_with("javascript:") {
                    wrong.push(format!("{name}: {value}"));
                }
            }
            if element.tag == "style" || (element.tag == "script" && element.attr("src").is_none())
            {
                wrong.push(format!("{name}: inline <{}>", element.tag));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The product's source, without its unit tests.
fn product() -> impl Iterator<Item = (String, String)> {
    texts("src", "rs")
        .into_iter()
        .filter(|(name, _)| !name.ends_with("tests.rs") && !name.contains("/tests/"))
        .map(|(name, text)| {
            let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
            (name, code.to_owned())
        })
}

/// SQL is never built from strings.
#[test]
fn no_sql_is_put_together_from_strings() {
    let mut wrong = Vec::new();
    for (name, text) in product() {
        let dense: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        for bad in [
            "sql_query(format!",
            "sql_query(&format!",
            "batch_execute(&format!",
            "sql::<Text>(&format!",
            "sql(&format!",
        ] {
            if dense.contains(bad) {
                wrong.push(format!("{name}: {bad}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Every attribute with a space of its own in a template's script would be a hole; every external
/// address is one too: pages load nothing but what we serve.
#[test]
fn templates_load_nothing_from_elsewhere() {
    let mut wrong = Vec::new();
    for (name, text) in texts("templates", "html") {
        for (_, element) in Doc::parse(&text).elements() {
            for (attribute, value) in element.attributes() {
                let loads = matches!(attribute.as_str(), "src" | "srcset" | "poster" | "data")
                    || (element.tag == "link" && attribute == "href");
                if loads && (value.contains("//") || value.starts_with("data:")) {
                    wrong.push(format!("{name}: {value}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
