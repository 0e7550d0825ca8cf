//! The map: which column is what, and what its values mean. Read strictly, since a key that is
//! misspelt and ignored would import a file wrongly without a word.

use std::collections::BTreeMap;
use std::fmt;

use jiff::tz::TimeZone;

use super::file::File;
use super::vocabulary::{ANY, CHANNELS, Column, HOLDS, Kind, MappedState};
use crate::platform::kernel::dates::{self, DateFormat};

/// Why a map cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapProblem(String);

impl fmt::Display for MapProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the map cannot be used: {}", self.0)
    }
}

impl std::error::Error for MapProblem {}

/// A map, read and checked.
#[derive(Debug, Clone)]
pub struct Map {
    kind: Kind,
    source: String,
    dates: DateFormat,
    zone: TimeZone,
    nulls: Vec<String>,
    columns: Vec<(Column, String)>,
    states: BTreeMap<String, MappedState>,
    channels: BTreeMap<String, &'static str>,
    levels: Vec<(Column, BTreeMap<String, u8>)>,
    texts: Vec<(Column, BTreeMap<String, String>)>,
}

impl Map {
    /// Reads a map from TOML.
    pub fn parse(toml: &str) -> Result<Self, MapProblem> {
        // The parser's message names the line, the unknown key and the known ones.
        let file: File = toml::from_str(toml).map_err(|error| MapProblem(error.to_string()))?;
        let kinds = [Kind::Incident, Kind::Request, Kind::Problem, Kind::Change];
        let kind = one_of("kind", &file.kind, kinds.map(|kind| (kind.name(), kind)))?;
        let source = source_of(&file.source)?;
        let in_key =
            |key: &str, problem: dates::DateProblem| MapProblem(format!("{key}: {problem}"));
        let values = file.values;
        let columns = file.columns.listed();
        let map = Self {
            kind,
            source,
            dates: file
                .dates
                .parse()
                .map_err(|problem| in_key("dates", problem))?,
            zone: dates::zone(&file.zone).map_err(|problem| in_key("zone", problem))?,
            nulls: file.nulls,
            columns,
            states: each(values.state, |word| state_of(kind, word))?,
            channels: each(values.channel, |word| {
                one_of(
                    "values.channel",
                    &word.to_lowercase(),
                    CHANNELS.map(|channel| (channel, channel)),
                )
            })?,
            levels: vec![
                (Column::Impact, values.impact),
                (Column::Urgency, values.urgency),
                (Column::Priority, values.priority),
            ],
            texts: vec![
                (Column::Requester, values.requester),
                (Column::Team, values.team),
                (Column::Assignee, values.assignee),
                (Column::Service, values.service),
                (Column::Category, values.category),
                (Column::ResolutionCode, values.resolution_code),
            ],
        };
        map.checked()
    }

    /// What the parser cannot see: values without a column, levels out of range.
    fn checked(self) -> Result<Self, MapProblem> {
        let mut used: Vec<Column> = Vec::new();
        used.extend((!self.states.is_empty()).then_some(Column::State));
        used.extend((!self.channels.is_empty()).then_some(Column::Channel));
        used.extend(
            self.levels
                .iter()
                .filter(|(_, map)| !map.is_empty())
                .map(|(column, _)| *column),
        );
        used.extend(
            self.texts
                .iter()
                .filter(|(_, map)| !map.is_empty())
                .map(|(column, _)| *column),
        );
        for column in used {
            if !self.columns.iter().any(|(have, _)| *have == column) {
                let name = column.name();
                return Err(MapProblem(format!(
                    "values.{name} is there, but columns.{name} is not"
                )));
            }
        }
        for (column, levels) in &self.levels {
            if let Some((value, level)) = levels.iter().find(|(_, level)| !(1..=9).contains(*level))
            {
                return Err(MapProblem(format!(
                    "values.{}: “{value}” = {level}, but levels are 1 to 9",
                    column.name()
                )));
            }
        }
        Ok(self)
    }

    /// `--source` given on the command line.
    pub fn with_source(self, source: &str) -> Result<Self, MapProblem> {
        let source = source_of(source)?;
        Ok(Self { source, ..self })
    }

    /// `--dates` given on the command line.
    pub fn with_dates(self, dates: DateFormat) -> Self {
        Self { dates, ..self }
    }

    /// `--zone` given on the command line.
    pub fn with_zone(self, zone: TimeZone) -> Self {
        Self { zone, ..self }
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    pub fn source(&self) -> &str {
        &self.source
    }

    pub fn dates(&self) -> &DateFormat {
        &self.dates
    }

    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    pub(super) fn columns(&self) -> &[(Column, String)] {
        &self.columns
    }

    pub(super) fn is_null(&self, cell: &str) -> bool {
        cell.is_empty() || self.nulls.iter().any(|null| null == cell)
    }

    /// A text column's value, replaced where the map says so.
    pub(super) fn text<'a>(&'a self, column: Column, cell: Option<&'a str>) -> Option<&'a str> {
        let texts = self
            .texts
            .iter()
            .find(|(have, _)| *have == column)
            .map(|(_, map)| map);
        let mapped = texts.and_then(|map| look_up(map, cell)).map(String::as_str);
        mapped.or(cell)
    }

    pub(super) fn channel(&self, cell: Option<&str>) -> Result<Option<&'static str>, String> {
        if let Some(channel) = look_up(&self.channels, cell) {
            return Ok(Some(channel));
        }
        let Some(value) = cell else { return Ok(None) };
        let own = CHANNELS
            .into_iter()
            .find(|channel| channel.eq_ignore_ascii_case(value));
        own.map(Some).ok_or_else(|| unknown("channel", value))
    }

    /// Without a state column the dates tell: closed, done, or just begun.
    pub(super) fn state(
        &self,
        cell: Option<&str>,
        resolved: bool,
        closed: bool,
    ) -> Result<MappedState, String> {
        if let Some(state) = look_up(&self.states, cell) {
            return Ok(*state);
        }
        if let Some(value) = cell {
            return state_of(self.kind, value).map_err(|_| unknown("state", value));
        }
        if self
            .columns
            .iter()
            .any(|(column, _)| *column == Column::State)
        {
            return Err("state is empty".to_owned());
        }
        let place = if closed { 2 } else { usize::from(resolved) };
        let state = self.kind.states().get(place).copied().unwrap_or("closed");
        Ok(MappedState { state, hold: None })
    }

    /// Impact, urgency or priority: by the map, or by the number the value is or begins with.
    pub(super) fn level(&self, column: Column, cell: Option<&str>) -> Result<Option<u8>, String> {
        let levels = self
            .levels
            .iter()
            .find(|(have, _)| *have == column)
            .map(|(_, map)| map);
        if let Some(level) = levels.and_then(|map| look_up(map, cell)) {
            return Ok(Some(*level));
        }
        let Some(value) = cell else { return Ok(None) };
        let number = value.split_once(" - ").map_or(value, |(number, _)| number);
        let number = number.trim_start_matches(['P', 'p']).parse().ok();
        number
            .filter(|n| (1..=9).contains(n))
            .map(Some)
            .ok_or_else(|| unknown(column.name(), value))
    }
}

fn source_of(name: &str) -> Result<String, MapProblem> {
    super::super::source_name(name).map_err(|why| MapProblem(format!("source: {why}")))
}

fn look_up<'a, T>(map: &'a BTreeMap<String, T>, cell: Option<&str>) -> Option<&'a T> {
    cell.and_then(|value| map.get(value))
        .or_else(|| map.get(ANY))
}

fn unknown(column: &str, value: &str) -> String {
    let shown: String = value.chars().take(40).collect();
    format!("{column}: the map does not say what “{shown}” is (add it under [values.{column}])")
}

fn each<T>(
    map: BTreeMap<String, String>,
    read: impl Fn(&str) -> Result<T, MapProblem>,
) -> Result<BTreeMap<String, T>, MapProblem> {
    map.into_iter()
        .map(|(value, word)| Ok((value, read(&word)?)))
        .collect()
}

/// `in progress`, `In_Progress`; `waiting` alone waits for something other, `waiting: supplier` says.
fn state_of(kind: Kind, word: &str) -> Result<MappedState, MapProblem> {
    let (name, hold) = match word.split_once(':') {
        Some((name, hold)) => (name, Some(hold)),
        None => (word, None),
    };
    let name = name.trim().to_lowercase().replace([' ', '-'], "_");
    let states = kind.states().iter().map(|state| (*state, *state));
    let state = one_of("values.state", &name, states)?;
    let hold = match (state, hold) {
        ("waiting", hold) => {
            let hold = hold.unwrap_or("other").trim().to_lowercase();
            Some(one_of(
                "values.state: waiting",
                &hold,
                HOLDS.map(|hold| (hold, hold)),
            )?)
        }
        (_, Some(_)) => {
            return Err(MapProblem(format!(
                "values.state: “{word}”: only waiting has a reason after a colon"
            )));
        }
        (_, None) => None,
    };
    Ok(MappedState { state, hold })
}

fn one_of<T>(
    key: &str,
    word: &str,
    known: impl IntoIterator<Item = (&'static str, T)>,
) -> Result<T, MapProblem> {
    let mut names = Vec::new();
    for (name, value) in known {
        if name == word {
            return Ok(value);
        }
        names.push(name);
    }
    Err(MapProblem(format!(
        "{key}: “{word}” is none of {}",
        names.join(", ")
    )))
}
