//! Markdown that people wrote, as HTML that is safe to print.
//!
//! `SafeHtml` is the only type a template may print without escaping, and `render` is the only
//! function that makes one. Text is kept as it was typed and made safe each time it is *shown*, so
//! a mended sanitiser mends old entries too.
//!
//! Two paths with the same result (a property test holds them together):
//!
//! * `quick`: most entries hold no Markdown at all. They are scanned once, escaped and split into
//!   paragraphs, in well under a microsecond for a line or two; a record page shows 40 of them.
//! * `full`: comrak with HTML escaped and not passed on, then ammonia with a short list of tags as
//!   a second wall. What it made is kept in a small cache, by the whole text: a hash alone could be
//!   made to collide and show somebody another person's note.
//!
//! The cache holds 4,000 texts or 8 MB, text and result counted together; one text may take at
//! most 256 KB of it. It is a copy of people's words in memory, so erasing a text ends with
//! `forget`.

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use lru::LruCache;

mod excerpt;
mod full;
mod quick;

pub use excerpt::excerpt;

/// The limit of a comment (security baseline: 1 MB). What is longer is cut here, and says so by an
/// ellipsis; forms refuse it long before.
pub const MAX_BYTES: usize = 1_000_000;

/// Above this length Markdown is shown as the plain text it is. Long texts are pasted logs, and
/// parsing hostile ones of a megabyte would keep a core busy for seconds.
pub const MAX_PARSED_BYTES: usize = 100_000;

const CACHE_ENTRIES: usize = 4_000;
const CACHE_BYTES: usize = 8_000_000;
const CACHE_ENTRY_BYTES: usize = 256_000;

/// HTML that only this module can make. Cheap to copy.
#[derive(Clone, PartialEq, Eq)]
pub struct SafeHtml(Arc<str>);

impl SafeHtml {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Default for SafeHtml {
    fn default() -> Self {
        Self("".into())
    }
}

impl fmt::Display for SafeHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for SafeHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SafeHtml({:?})", &*self.0)
    }
}

/// Tells askama not to escape it, so that no template needs `|safe`.
impl askama::filters::HtmlSafe for SafeHtml {}

impl askama::FastWritable for SafeHtml {
    fn write_into(&self, to: &mut dyn fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        Ok(to.write_str(&self.0)?)
    }
}

/// What somebody typed, ready to print.
pub fn render(text: &str) -> SafeHtml {
    if quick::is_plain(text) && text.len() <= MAX_BYTES {
        return SafeHtml(quick::paragraphs(text).into());
    }
    if text.len() > MAX_PARSED_BYTES {
        let kept = cut(text, MAX_BYTES);
        let more = if kept.len() < text.len() { "…" } else { "" };
        return SafeHtml(quick::verbatim(&format!("{kept}{more}")).into());
    }
    if let Some(html) = cache().get(text) {
        return html;
    }
    let html = full::sanitised(text).unwrap_or_else(|| quick::verbatim(text));
    let html = SafeHtml(html.into());
    cache().put(text, &html);
    html
}

/// Drops every rendered text from memory.
pub fn forget() {
    *cache() = Cache::default();
}

/// The longest beginning of at most `max` bytes that ends between characters.
pub fn cut(text: &str, max: usize) -> &str {
    if text.len() <= max {
        return text;
    }
    // A character has four bytes at most.
    (0..4)
        .find_map(|back| text.get(..max.checked_sub(back)?))
        .unwrap_or_default()
}

struct Cache {
    entries: LruCache<Box<str>, SafeHtml>,
    bytes: usize,
}

impl Default for Cache {
    fn default() -> Self {
        let most = NonZeroUsize::new(CACHE_ENTRIES).unwrap_or(NonZeroUsize::MIN);
        Self {
            entries: LruCache::sparse(most),
            bytes: 0,
        }
    }
}

impl Cache {
    fn get(&mut self, text: &str) -> Option<SafeHtml> {
        self.entries.get(text).cloned()
    }

    fn put(&mut self, text: &str, html: &SafeHtml) {
        let size = text.len() + html.0.len();
        if size > CACHE_ENTRY_BYTES {
            return;
        }
        while self.bytes + size > CACHE_BYTES {
            let Some(oldest) = self.entries.pop_lru() else {
                break;
            };
            self.drop_size(&oldest);
        }
        self.bytes += size;
        if let Some(replaced) = self.entries.push(text.into(), html.clone()) {
            self.drop_size(&replaced);
        }
    }

    fn drop_size(&mut self, (text, html): &(Box<str>, SafeHtml)) {
        self.bytes = self.bytes.saturating_sub(text.len() + html.0.len());
    }
}

/// Rendering happens outside the lock; two threads may render the same text once each.
fn cache() -> MutexGuard<'static, Cache> {
    static CACHE: LazyLock<Mutex<Cache>> = LazyLock::new(Mutex::default);
    CACHE.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )]

    use askama::Template;

    use super::*;

    #[derive(Template)]
    #[template(source = "<div>{{ html }}|{{ text }}</div>", ext = "html")]
    struct Page<'a> {
        html: &'a SafeHtml,
        text: &'a str,
    }

    #[test]
    fn a_template_prints_it_without_a_filter_and_escapes_the_rest() {
        let html = render("**bold** & <b>");
        let page = Page {
            html: &html,
            text: "<b>",
        }
        .render()
        .unwrap();
        let bold = "<p><strong>bold</strong> &amp; &lt;b&gt;</p>";
        assert_eq!(page, format!("<div>{bold}|&#60;b&#62;</div>"));
    }

    #[test]
    fn the_cache_answers_the_same_and_stays_bounded() {
        let mut cache = Cache::default();
        for n in 0..10_000 {
            cache.put(&format!("*{n}*"), &SafeHtml("x".repeat(100).into()));
        }
        assert_eq!(cache.entries.len(), CACHE_ENTRIES);
        let counted: usize = cache.entries.iter().map(|(t, h)| t.len() + h.0.len()).sum();
        assert_eq!(cache.bytes, counted);
        for n in 0..100 {
            cache.put(&format!("*{n}*"), &SafeHtml("x".repeat(200_000).into()));
        }
        assert!(
            cache.bytes <= CACHE_BYTES && cache.entries.len() == 39,
            "{}",
            cache.entries.len()
        );
        cache.put("big", &SafeHtml("x".repeat(CACHE_ENTRY_BYTES).into()));
        assert!(cache.get("big").is_none());
        cache.put("*99*", &SafeHtml("new".into()));
        assert_eq!(cache.get("*99*").unwrap().as_str(), "new");
        assert_eq!(render("*once*"), render("*once*"));
        forget();
        assert_eq!(render("*once*").as_str(), "<p><em>once</em></p>");
    }

    #[test]
    fn what_is_too_long_is_cut_between_characters() {
        let html = render(&"ü".repeat(MAX_BYTES));
        assert!(html.as_str().ends_with("ü…</p>") && html.as_str().len() < MAX_BYTES + 20);
        let log = format!("*{}", "<b>line</b>\n".repeat(20_000));
        let html = render(&log);
        assert!(
            html.as_str()
                .starts_with("<p>*&lt;b&gt;line&lt;/b&gt;<br>\n")
        );
    }
}
