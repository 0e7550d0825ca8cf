//! What a queue's address asks for, and addresses made from it. Pure.
//!
//! The address is the only place where a view, its filters and its order are kept, so a list can be
//! sent to somebody. What is not understood is left out and named; nothing typed reaches a query but
//! through the types of [`Filter`] and [`Order`].

use actix_web::web;

use crate::people::{Visitor, percent_encode};
use crate::platform::db::page::Way;
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::{Error, Message, Result};
use crate::records::life_cycle::{Group, Practices};
use crate::records::list::{Filter, Order, Sort, is_key};
use crate::records::model::{Channel, Kind, Record};
use crate::records::number::Number;
use crate::records::store::find_meant;
use crate::records::views::View;
use crate::service_levels::Lamp;

crate::text_enum! {
    /// A filter; the word in the address.
    pub enum Param {
        Show = "show",
        Kind = "kind",
        State = "state",
        Priority = "priority",
        Team = "team",
        Assignee = "assignee",
        Requester = "requester",
        Service = "service",
        Category = "category",
        Item = "item",
        Location = "location",
        Parent = "parent",
        Channel = "channel",
        Major = "major",
        Lamp = "lamp",
        OpenedFrom = "opened_from",
        OpenedTo = "opened_to",
    }
}

/// A filter that was understood, with the value as our own links write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    pub param: Param,
    pub value: String,
}

/// An address, understood.
#[derive(Debug, Clone)]
pub struct Ask {
    pub view: View,
    pub given: Vec<Given>,
    pub order: Order,
    /// Whether it is shown lamp by lamp.
    pub by_lamp: bool,
    pub way: Way,
    /// The key of the row a page begins beyond.
    pub from: Option<String>,
    pub jump: Option<String>,
    /// The record that the filter of this name means, once it was looked for ([`Ask::find_parent`]).
    parent: Option<Id<Record>>,
    /// Filters that were left out, as they stood.
    pub unknown: Vec<String>,
    pub unknown_sort: bool,
}

/// What a filter does to a list.
enum Narrowed {
    Understood(String),
    /// Understood, and at odds with the view: nothing is left.
    Nothing(String),
    Unknown,
}

impl Ask {
    pub fn read(query: &str, visitor: &Visitor, practices: Practices) -> Self {
        let pairs = web::Query::<Vec<(String, String)>>::from_query(query)
            .map(web::Query::into_inner)
            .unwrap_or_default();
        let mut ask = Ask {
            view: View::first_for(visitor),
            given: Vec::new(),
            order: Order::natural(Sort::Due),
            by_lamp: false,
            way: Way::Next,
            from: None,
            jump: None,
            parent: None,
            unknown: Vec::new(),
            unknown_sort: false,
        };
        let (mut sort, mut ascending) = (None, None);
        for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
            match name.as_str() {
                "view" => match View::from_word(&value) {
                    Some(view) => ask.view = view,
                    None => ask.leave_out(&name, &value),
                },
                "sort" => match Sort::from_word(&value) {
                    Some(known) => sort = Some(known),
                    None => ask.unknown_sort = true,
                },
                "dir" if value == "asc" || value == "desc" => ascending = Some(value == "asc"),
                "dir" => ask.unknown_sort = true,
                "after" | "before" if is_key(&value) => {
                    ask.way = if name == "after" {
                        Way::Next
                    } else {
                        Way::Previous
                    };
                    ask.from = Some(value);
                }
                "jump" => ask.jump = Some(value),
                "group" if value == "lamp" => ask.by_lamp = true,
                _ => ask.take(&name, value, visitor, practices),
            }
        }
        let usual = ask.usual_sort(practices);
        if sort == Some(Sort::Due) && usual != Sort::Due {
            ask.unknown_sort = true;
            sort = None;
        }
        ask.order = Order::natural(sort.unwrap_or(usual));
        if let Some(ascending) = ascending {
            ask.order.ascending = ascending;
        }
        // Lamp by lamp means due first in each; of what ended no lamp is lit.
        if ask.by_lamp && ask.order != Order::natural(Sort::Due) {
            ask.by_lamp = false;
            ask.unknown_sort = true;
        }
        ask
    }

    fn take(&mut self, name: &str, value: String, visitor: &Visitor, practices: Practices) {
        let Some(param) = Param::from_word(name) else {
            return self.leave_out(name, &value);
        };
        if self.given(param).is_some() {
            return self.leave_out(name, &value);
        }
        match narrow(&mut Filter::default(), param, &value, visitor, practices) {
            Narrowed::Understood(value) | Narrowed::Nothing(value) => {
                self.given.push(Given { param, value });
            }
            Narrowed::Unknown => self.leave_out(name, &value),
        }
    }

    /// By what a list is sorted unless somebody asks for something else: open records by when they are
    /// due. Nothing that ended is due.
    pub fn usual_sort(&self, practices: Practices) -> Sort {
        if self.given(Param::Lamp).is_some() {
            return Sort::Due;
        }
        let ended = self
            .given(Param::State)
            .is_some_and(|state| group_of(state, practices) == Some(Group::Done));
        match self.given(Param::Show) {
            Some("open") => Sort::Due,
            None if !ended => Sort::Due,
            _ => Sort::Priority,
        }
    }

    fn leave_out(&mut self, name: &str, value: &str) {
        const NAMED: usize = 10;
        if self.unknown.len() < NAMED {
            let text: String = format!("{name}={value}").chars().take(60).collect();
            self.unknown.push(text);
        }
    }

    /// Leaves out a filter whose value turned out to name nothing.
    pub fn drop(&mut self, param: Param) {
        if let Some(at) = self.given.iter().position(|given| given.param == param) {
            let given = self.given.remove(at);
            self.leave_out(param.word(), &given.value);
        }
    }

    pub fn given(&self, param: Param) -> Option<&str> {
        self.given
            .iter()
            .find(|given| given.param == param)
            .map(|given| given.value.as_str())
    }

    /// Looks for the record whose children are asked for, where they are. One that this person may
    /// not see has none, like one there is not.
    pub fn find_parent(&mut self, conn: &mut Db, visitor: &Visitor) -> Result<()> {
        let number = self.given(Param::Parent).and_then(|n| n.parse().ok());
        if let Some(number) = number {
            self.parent = match find_meant(conn, visitor, number) {
                Ok(record) => Some(record.id),
                Err(Error::NotFound) => None,
                Err(e) => return Err(e),
            };
        }
        Ok(())
    }

    /// The records asked for; nothing when a filter and the view exclude each other.
    pub fn filter(&self, visitor: &Visitor, practices: Practices) -> Option<Filter> {
        let mut filter = self.view.filter(visitor);
        for given in &self.given {
            if let Narrowed::Nothing(_) =
                narrow(&mut filter, given.param, &given.value, visitor, practices)
            {
                return None;
            }
        }
        if self.given(Param::Parent).is_some() {
            filter.parent = Some(self.parent?);
        }
        if let (None, Some(state)) = (self.given(Param::Show), self.given(Param::State)) {
            let open = group_of(state, practices) != Some(Group::Done);
            if !open && filter.handed_over_by.is_some() {
                return None;
            }
            filter.open = Some(open);
        }
        // What has ended shows no lamp that anybody looks for, and history is not searched for one.
        if filter.lamp.is_some() {
            if filter.open == Some(false) {
                return None;
            }
            filter.open = Some(true);
        }
        Some(filter)
    }

    /// What was left out, in words.
    pub fn notices(&self) -> Vec<Message> {
        let mut notices = Vec::new();
        if !self.unknown.is_empty() {
            let names = self.unknown.join(", ");
            notices.push(Message::new("notice-unknown-filter").arg("name", names));
        }
        if self.unknown_sort {
            notices.push(Message::new("notice-unknown-sort"));
        }
        notices
    }

    /// The address of this list without a filter, from its first row.
    pub fn without(&self, param: Param) -> String {
        let mut rest = self.clone();
        rest.given.retain(|given| given.param != param);
        rest.at("/queue")
    }

    /// The address of this view without any filter.
    pub fn bare(&self) -> String {
        address("/queue", self.view, [].iter(), self.order)
    }

    /// The address of this list in another order.
    pub fn ordered(&self, order: Order) -> String {
        address("/queue", self.view, self.given.iter(), order)
    }

    /// The address of this list shown lamp by lamp.
    pub fn lamp_by_lamp(&self) -> String {
        let order = Order::natural(Sort::Due);
        address("/queue", self.view, self.given.iter(), order) + BY_LAMP
    }

    /// The address of what of this list shows one lamp.
    pub fn showing(&self, lamp: Lamp) -> String {
        let others = self.given.iter().filter(|given| given.param != Param::Lamp);
        let mut given: Vec<Given> = others.cloned().collect();
        given.push(Given {
            param: Param::Lamp,
            value: lamp.word().to_owned(),
        });
        address("/queue", self.view, given.iter(), self.order)
    }

    /// The address of the neighbouring page.
    pub fn page(&self, which: &'static str, key: &str) -> String {
        format!(
            "{}&{which}={}",
            self.ordered(self.order),
            percent_encode(key)
        )
    }

    /// The same list at another path: its CSV, its filters.
    pub fn at(&self, path: &str) -> String {
        let mut address = address(path, self.view, self.given.iter(), self.order);
        if self.by_lamp {
            address.push_str(BY_LAMP);
        }
        address
    }

    /// The view and order as hidden fields of a form that asks for filters.
    pub fn hidden(&self) -> Vec<(&'static str, String)> {
        let mut fields = vec![("view", self.view.to_string())];
        if self.order != Order::natural(Sort::Due) {
            let direction = if self.order.ascending { "asc" } else { "desc" };
            fields.push(("sort", self.order.sort.to_string()));
            fields.push(("dir", direction.to_owned()));
        }
        if self.by_lamp {
            fields.push(("group", "lamp".to_owned()));
        }
        fields
    }
}

/// How an address asks for a list lamp by lamp.
const BY_LAMP: &str = "&group=lamp";

fn address<'a>(
    path: &str,
    view: View,
    given: impl Iterator<Item = &'a Given>,
    order: Order,
) -> String {
    let mut url = format!("{path}?view={view}");
    for Given { param, value } in given {
        url.push('&');
        url.push_str(param.word());
        url.push('=');
        url.push_str(&percent_encode(value));
    }
    if order.sort != Sort::Due {
        url.push_str("&sort=");
        url.push_str(order.sort.word());
    }
    if order != Order::natural(order.sort) {
        url.push_str(if order.ascending {
            "&dir=asc"
        } else {
            "&dir=desc"
        });
    }
    url
}

/// The group of a state, whichever practice it belongs to.
fn group_of(state: &str, practices: Practices) -> Option<Group> {
    Kind::ALL
        .iter()
        .find_map(|kind| practices.of(*kind).state(state))
        .map(|state| state.group)
}

/// Applies one filter, if its value means something.
fn narrow(
    filter: &mut Filter,
    param: Param,
    value: &str,
    visitor: &Visitor,
    practices: Practices,
) -> Narrowed {
    let understood = match param {
        // What has ended is with nobody any more.
        Param::Show if filter.handed_over_by.is_some() => match value {
            "open" | "all" => true,
            "done" => false,
            _ => return Narrowed::Unknown,
        },
        Param::Show => match value {
            "open" => set(&mut filter.open, Some(true)),
            "done" => set(&mut filter.open, Some(false)),
            "all" => set(&mut filter.open, None),
            _ => return Narrowed::Unknown,
        },
        Param::Kind => match Kind::from_word(value) {
            Some(kind) => only(&mut filter.kind, kind),
            None => return Narrowed::Unknown,
        },
        Param::State if group_of(value, practices).is_some() => {
            only(&mut filter.state, value.to_owned())
        }
        Param::State => return Narrowed::Unknown,
        Param::Priority => match value.trim_start_matches(['P', 'p']).parse() {
            Ok(level @ 1..=99) => {
                filter.priority = Some(level);
                return Narrowed::Understood(level.to_string());
            }
            _ => return Narrowed::Unknown,
        },
        // A view of somebody's teams holds nothing that has none.
        Param::Team if value == "none" => filter.teams.is_none() && set(&mut filter.no_team, true),
        Param::Team => match value.parse() {
            Ok(team) => match &filter.teams {
                Some(teams) if !teams.contains(&team) => false,
                _ => set(&mut filter.teams, Some(vec![team])),
            },
            Err(_) => return Narrowed::Unknown,
        },
        Param::Assignee => match value {
            "me" => only(&mut filter.assignee, visitor.id),
            "none" => set(&mut filter.unassigned, true),
            _ => match value.parse() {
                Ok(person) => only(&mut filter.assignee, person),
                Err(_) => return Narrowed::Unknown,
            },
        },
        Param::Requester => match value.parse() {
            Ok(person) => only(&mut filter.requester, person),
            Err(_) => return Narrowed::Unknown,
        },
        Param::Service => match value.parse() {
            Ok(service) => only(&mut filter.service, service),
            Err(_) => return Narrowed::Unknown,
        },
        Param::Category => match value.parse() {
            Ok(category) => only(&mut filter.category, category),
            Err(_) => return Narrowed::Unknown,
        },
        Param::Item => match value.parse() {
            Ok(item) => only(&mut filter.item, item),
            Err(_) => return Narrowed::Unknown,
        },
        Param::Location => match value.parse() {
            Ok(location) => only(&mut filter.location, location),
            Err(_) => return Narrowed::Unknown,
        },
        // Which record that is, and whether there is one, is asked of the database.
        Param::Parent => match value.parse::<Number>() {
            Ok(number) => return Narrowed::Understood(number.to_string()),
            Err(_) => return Narrowed::Unknown,
        },
        Param::Channel => match Channel::from_word(value) {
            Some(channel) => only(&mut filter.channel, channel),
            None => return Narrowed::Unknown,
        },
        Param::Major => match value {
            "1" => set(&mut filter.major, true),
            _ => return Narrowed::Unknown,
        },
        Param::Lamp => match Lamp::from_word(value) {
            Some(lamp) => set(&mut filter.lamp, Some((lamp, visitor.now))),
            None => return Narrowed::Unknown,
        },
        Param::OpenedFrom | Param::OpenedTo => return opened(filter, param, value, visitor),
    };
    if understood {
        Narrowed::Understood(value.to_owned())
    } else {
        Narrowed::Nothing(value.to_owned())
    }
}

/// Days are the reader's; the last one is meant as a whole.
fn opened(filter: &mut Filter, param: Param, value: &str, visitor: &Visitor) -> Narrowed {
    let Ok(day) = value.parse::<jiff::civil::Date>() else {
        return Narrowed::Unknown;
    };
    let begins = |day: jiff::civil::Date| visitor.zone.instant(day.at(0, 0, 0, 0));
    if param == Param::OpenedFrom {
        filter.opened_from = begins(day);
    } else {
        filter.opened_before = day.tomorrow().ok().and_then(begins);
    }
    Narrowed::Understood(day.to_string())
}

fn set<T>(slot: &mut T, value: T) -> bool {
    *slot = value;
    true
}

/// Narrows to one value; false when it is already narrowed to another.
fn only<T: PartialEq>(slot: &mut Option<T>, value: T) -> bool {
    match slot {
        Some(other) => *other == value,
        None => set(slot, Some(value)),
    }
}

#[cfg(test)]
mod tests;
