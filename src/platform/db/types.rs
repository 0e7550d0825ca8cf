//! Column types. Nothing else in the product writes a `ToSql`.
//!
//! Ids are UUID version 7: `uuid` in PostgreSQL, a BLOB of 16 bytes in SQLite; both sort the same.
//! Instants are whole microseconds since 1970: `timestamptz` in PostgreSQL, INTEGER in SQLite.
//! OIDs are given as numbers, since diesel would ask `pg_type` per connection for a name.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::data_types::PgTimestamp;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, Binary, HasSqlType, Timestamptz};
use diesel::sqlite::Sqlite;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::connect::MultiBackend;
use crate::platform::kernel::text::push_digits;

/// SQL type of an [`Id`].
#[derive(
    Debug, Clone, Copy, Default, diesel::sql_types::SqlType, diesel::query_builder::QueryId,
)]
#[diesel(postgres_type(oid = 2950, array_oid = 2951))]
#[diesel(sqlite_type(name = "Binary"))]
pub struct SqlId;

/// SQL type of a [`Utc`].
#[derive(
    Debug, Clone, Copy, Default, diesel::sql_types::SqlType, diesel::query_builder::QueryId,
)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185))]
#[diesel(sqlite_type(name = "Long"))]
pub struct SqlUtc;

impl diesel::sql_types::SqlOrd for SqlUtc {}

impl HasSqlType<SqlId> for MultiBackend {
    fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
        Self::lookup_sql_type::<SqlId>(lookup)
    }
}

impl HasSqlType<SqlUtc> for MultiBackend {
    fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
        Self::lookup_sql_type::<SqlUtc>(lookup)
    }
}

/// The id of a `T`. The type parameter keeps ids of different things apart; it is never stored.
#[derive(AsExpression, FromSqlRow)]
#[diesel(sql_type = SqlId)]
pub struct Id<T: 'static>(Uuid, PhantomData<fn() -> T>);

impl<T> Id<T> {
    /// A new id, later than every id made before it on this machine.
    pub fn new() -> Self {
        Self(Uuid::now_v7(), PhantomData)
    }

    /// The id that stands for "nobody" where a key column may not be null.
    pub const fn nil() -> Self {
        Self(Uuid::nil(), PhantomData)
    }

    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    pub const fn uuid(self) -> Uuid {
        self.0
    }

    /// The same id seen as the id of another type (a record's id is its detail row's id).
    pub const fn cast<U>(self) -> Id<U> {
        Id(self.0, PhantomData)
    }
}

impl<T> Default for Id<T> {
    fn default() -> Self {
        Self::new()
    }
}
impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl<T> FromStr for Id<T> {
    type Err = uuid::Error;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Ok(Self(Uuid::parse_str(s)?, PhantomData))
    }
}
impl<T> Serialize for Id<T> {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(s)
    }
}
impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Ok(Self(Uuid::deserialize(d)?, PhantomData))
    }
}

impl<T: 'static> ToSql<SqlId, Sqlite> for Id<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        <[u8] as ToSql<Binary, Sqlite>>::to_sql(self.0.as_bytes(), out)
    }
}
impl<T: 'static> ToSql<SqlId, Pg> for Id<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        std::io::Write::write_all(out, self.0.as_bytes())?;
        Ok(IsNull::No)
    }
}
impl<T: 'static> ToSql<SqlId, MultiBackend> for Id<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((SqlId, self));
        Ok(IsNull::No)
    }
}
impl<T> FromSql<SqlId, Sqlite> for Id<T> {
    fn from_sql(mut value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(Uuid::from_slice(value.read_blob())?, PhantomData))
    }
}
impl<T> FromSql<SqlId, Pg> for Id<T> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(Uuid::from_slice(value.as_bytes())?, PhantomData))
    }
}
impl<T: 'static> FromSql<SqlId, MultiBackend> for Id<T> {
    fn from_sql(value: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        value.from_sql::<Self, SqlId>()
    }
}

/// An instant: whole microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = SqlUtc)]
pub struct Utc(i64);

/// Microseconds between 1970-01-01 and 2000-01-01, PostgreSQL's own beginning of time.
const POSTGRES_EPOCH: i64 = 946_684_800_000_000;

impl Utc {
    /// 9999-12-31T00:00:00Z: "never", where a sort key may not be null.
    pub const FAR: Utc = Utc(253_402_214_400_000_000);

    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Cuts what is finer than a microsecond, so that both databases give back what they got.
    pub fn from_time(at: time::OffsetDateTime) -> Self {
        Self((at.unix_timestamp_nanos() / 1000) as i64)
    }

    /// The same instant as the `time` crate's type. Instants outside its range (years beyond
    /// 9999) become the Unix epoch; none is ever stored.
    pub fn time(self) -> time::OffsetDateTime {
        time::OffsetDateTime::from_unix_timestamp(self.0.div_euclid(1_000_000))
            .map_or(time::OffsetDateTime::UNIX_EPOCH, |second| {
                second + time::Duration::microseconds(self.0.rem_euclid(1_000_000))
            })
    }

    pub fn plus(self, span: time::Duration) -> Self {
        Self(self.0.saturating_add(span.whole_microseconds() as i64))
    }

    pub fn minus(self, span: time::Duration) -> Self {
        Self(self.0.saturating_sub(span.whole_microseconds() as i64))
    }

    /// RFC 3339 in UTC, to the second: what pages, exports and the API write.
    pub fn rfc3339(self) -> String {
        let t = self.time();
        let mut out = String::with_capacity(20);
        for (n, width, after) in [
            (t.year().unsigned_abs(), 4, '-'),
            (u32::from(u8::from(t.month())), 2, '-'),
            (u32::from(t.day()), 2, 'T'),
            (u32::from(t.hour()), 2, ':'),
            (u32::from(t.minute()), 2, ':'),
            (u32::from(t.second()), 2, 'Z'),
        ] {
            push_digits(&mut out, n, width);
            out.push(after);
        }
        out
    }

    /// An instant as [`Utc::rfc3339_micros`] and [`Utc::rfc3339`] write it.
    pub fn parse(text: &str) -> Option<Self> {
        time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339)
            .ok()
            .map(Self::from_time)
    }

    /// RFC 3339 in UTC with all six decimals: what is hashed and what is a paging key.
    pub fn rfc3339_micros(self) -> String {
        let t = self.time();
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z",
            t.year(),
            u8::from(t.month()),
            t.day(),
            t.hour(),
            t.minute(),
            t.second(),
            t.microsecond()
        )
    }
}

impl fmt::Debug for Utc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339_micros())
    }
}

impl ToSql<SqlUtc, Sqlite> for Utc {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        <i64 as ToSql<BigInt, Sqlite>>::to_sql(&self.0, out)
    }
}
impl ToSql<SqlUtc, Pg> for Utc {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let since_2000 = PgTimestamp(self.0 - POSTGRES_EPOCH);
        <PgTimestamp as ToSql<Timestamptz, Pg>>::to_sql(&since_2000, &mut out.reborrow())
    }
}
impl ToSql<SqlUtc, MultiBackend> for Utc {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((SqlUtc, self));
        Ok(IsNull::No)
    }
}
impl FromSql<SqlUtc, Sqlite> for Utc {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(<i64 as FromSql<BigInt, Sqlite>>::from_sql(value)?))
    }
}
impl FromSql<SqlUtc, Pg> for Utc {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let PgTimestamp(since_2000) = FromSql::<Timestamptz, Pg>::from_sql(value)?;
        Ok(Self(since_2000 + POSTGRES_EPOCH))
    }
}
impl FromSql<SqlUtc, MultiBackend> for Utc {
    fn from_sql(value: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        value.from_sql::<Self, SqlUtc>()
    }
}

/// Implements an enum's column type: text, by a table of words. Reading an unknown word is an
/// error, never a default.
#[macro_export]
macro_rules! text_enum {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
                 diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)]
        #[diesel(sql_type = diesel::sql_types::Text)]
        $vis enum $name { $($(#[$vmeta])* $variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word stored, exported and used in URLs.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl<DB> diesel::serialize::ToSql<diesel::sql_types::Text, DB> for $name
        where
            DB: diesel::backend::Backend,
            str: diesel::serialize::ToSql<diesel::sql_types::Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, DB>) -> diesel::serialize::Result {
                self.word().to_sql(out)
            }
        }

        impl<DB> diesel::deserialize::FromSql<diesel::sql_types::Text, DB> for $name
        where
            DB: diesel::backend::Backend,
            String: diesel::deserialize::FromSql<diesel::sql_types::Text, DB>,
        {
            fn from_sql(value: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                let word = String::from_sql(value)?;
                Self::from_word(&word)
                    .ok_or_else(|| format!("{word:?} is no {}", stringify!($name)).into())
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_cut_to_microseconds_and_written_in_utc() {
        let at = time::macros::datetime!(2026-03-29 02:30:00.123_456_789 +2);
        let utc = Utc::from_time(at);
        assert_eq!(utc.rfc3339_micros(), "2026-03-29T00:30:00.123456Z");
        assert_eq!(utc.rfc3339(), "2026-03-29T00:30:00Z");
        assert_eq!(Utc::from_time(utc.time()), utc);
        assert_eq!(Utc::FAR.rfc3339(), "9999-12-31T00:00:00Z");
    }

    #[test]
    fn ids_are_written_lower_case_and_hyphenated() {
        let id = Id::<()>::new();
        assert_eq!(id.to_string().len(), 36);
        assert_eq!(id.to_string().parse::<Id<()>>().unwrap(), id);
    }
}
