//! Open records whose public words are like those of a title being typed.

use diesel::prelude::*;

use crate::people::Visitor;
use crate::platform::db::{Db, Id, dialect};
use crate::platform::kernel::error::Result;
use crate::platform::kernel::text::words;
use crate::records::{Kind, Number, Record};
use crate::schema::records;

/// How many of the newest texts are looked at.
const NEWEST: i64 = 200;
/// Words shorter than this say nothing about what is wrong.
const SHORTEST: usize = 3;
const MOST_WORDS: usize = 8;

/// An open record with words of the title in it.
#[derive(Debug, Clone)]
pub struct Similar {
    pub number: Number,
    pub title: String,
    /// Why it is shown, in the visitor's language.
    pub why: String,
}

/// Open records the visitor may see that share words with a title, the most shared first.
pub fn similar_open(
    conn: &mut Db,
    visitor: &Visitor,
    title: &str,
    limit: usize,
) -> Result<Vec<Similar>> {
    let mut asked = words(title);
    asked.retain(|word| word.chars().count() >= SHORTEST);
    asked.truncate(MOST_WORDS);
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let quoted: Vec<String> = asked.iter().map(|word| format!("\"{word}\"")).collect();
    let found = dialect::find_texts(
        conn,
        "public",
        &quoted.join(" OR "),
        &asked.join(" | "),
        i64::MAX,
        NEWEST,
    )?;
    let ids: Vec<Id<Record>> = found.iter().map(|text| text.record_id.cast()).collect();
    let query = records::table
        .filter(records::id.eq_any(ids))
        .filter(records::is_open.eq(true))
        .select((records::kind, records::number, records::title))
        .into_boxed();
    let rows: Vec<(Kind, i64, String)> = crate::visible!(query, visitor).load(conn)?;
    let mut similar: Vec<(usize, Similar)> = rows
        .into_iter()
        .filter_map(|(kind, n, title)| {
            let theirs = words(&title);
            let shared: Vec<&str> = asked
                .iter()
                .filter(|word| theirs.contains(word))
                .map(String::as_str)
                .collect();
            let similar = Similar {
                number: Number { kind, n },
                title,
                why: shared.join(", "),
            };
            (!shared.is_empty()).then_some((shared.len(), similar))
        })
        .collect();
    similar.sort_by_key(|(shared, s)| (std::cmp::Reverse(*shared), std::cmp::Reverse(s.number)));
    similar.truncate(limit);
    Ok(similar.into_iter().map(|(_, s)| s).collect())
}
