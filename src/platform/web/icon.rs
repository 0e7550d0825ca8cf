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
        // Piece by piece: a page has a hundred of them.
        for part in [
            r#"<svg class=""#,
            self.class,
            r#"" viewBox="0 0 16 16" aria-hidden="true"><use href=""#,
            assets::url("icons.svg"),
            "#",
            self.name,
            r#""/></svg>"#,
        ] {
            f.write_str(part)?;
        }
        Ok(())
    }
}

impl askama::filters::HtmlSafe for Icon {}
