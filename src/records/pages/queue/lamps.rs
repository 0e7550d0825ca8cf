//! A list lamp by lamp: breached, at risk, on track, paused, met, without a clock; in each what is due
//! first.

use std::borrow::Cow;

use super::ask::Ask;
use super::page::{ROWS, RowView};
use crate::people::Visitor;
use crate::platform::db::Read;
use crate::platform::db::page::{Page, Way};
use crate::platform::kernel::error::Result;
use crate::platform::web::icon::Icon;
use crate::platform::words::Words;
use crate::records::list::{Filter, Order, Row, lamps, list};
use crate::records::view::lamp_key;
use crate::service_levels::Lamp;

/// Rows under one lamp; all of a page's, where it is not shown lamp by lamp.
pub struct Group {
    pub lamp: Option<LampHead>,
    pub rows: Vec<RowView>,
}

pub struct LampHead {
    pub word: &'static str,
    pub label: Cow<'static, str>,
    pub glyph: Icon,
    pub count: String,
    /// To all of them, where there are more than are shown here.
    pub more: Option<(Cow<'static, str>, String)>,
}

/// How many rows a lamp shows before the rest is a page of its own.
const OF_A_LAMP: usize = 20;

pub fn nothing() -> Page<Row> {
    Page::of(Vec::new(), ROWS, Way::Next, None, |_: &Row| String::new())
}

/// The lamps that are lit, each with how many there are and how many of them come first in the list:
/// what is due first under each.
pub type Lit = Vec<(Lamp, i64, usize)>;

pub fn by_lamp(
    r: &mut Read<'_>,
    visitor: &Visitor,
    filter: &Filter,
    order: Order,
) -> Result<(Lit, Page<Row>)> {
    let (mut lit, mut all) = (Vec::new(), nothing());
    for (lamp, n) in lamps(r, visitor, filter, visitor.now)? {
        let filter = Filter {
            lamp: Some((lamp, visitor.now)),
            ..filter.clone()
        };
        let found = list(r, visitor, &filter, order, Way::Next, None, OF_A_LAMP)?;
        lit.push((lamp, n, found.rows.len()));
        all.rows.extend(found.rows);
    }
    Ok((lit, all))
}

pub fn lamp_head(t: Words, ask: &Ask, lamp: Lamp, n: i64, shown: usize) -> LampHead {
    let more = n > shown as i64;
    LampHead {
        word: lamp.word(),
        label: t.s(lamp_key(lamp)),
        glyph: Icon::glyph(lamp.word()),
        count: t.number(n),
        more: more.then(|| (t.n("queue-see-all", n).into(), ask.showing(lamp))),
    }
}
