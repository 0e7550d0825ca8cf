//! Icons of the one sprite. A type of its own, so that templates print it without escaping and
//! nothing a person typed can become one.

use std::fmt;

use super::assets;

/// The name of a symbol in `static/img/icons.svg`.
#[derive(Debug, Clone, Copy)]
pub struct Icon {
    name: &'static str,
    class: &'static str,
}

impl Icon {
    /// A line icon, 16 px, drawn in the text's colour.
    pub const fn line(name: &'static str) -> Self {
        Self { name, class: "i" }
    }

    /// A filled glyph in the lamp's colour.
    pub const fn glyph(name: &'static str) -> Self {
        Self { name, class: "g" }
    }
}

impl fmt::Display for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            r##"<svg class="{}" viewBox="0 0 16 16" aria-hidden="true"><use href="{}#{}"/></svg>"##,
            self.class,
            assets::url("icons.svg"),
            self.name
        )
    }
}

impl askama::filters::HtmlSafe for Icon {}
