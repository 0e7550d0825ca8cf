//! Pure: which item is meant by what somebody typed.

use super::model::Item;
use crate::platform::kernel::error::Message;
use crate::platform::kernel::text;

/// How many items one may depend on.
pub const NEEDS_MAX: usize = 500;

/// The one item meant by a typed name, among those whose names begin like it: the one of exactly
/// this name, else the only one.
pub fn meant<'a>(typed: &str, found: &'a [Item]) -> Result<&'a Item, Message> {
    let key = text::fold(typed.trim());
    if let Some(exact) = found.iter().find(|item| text::fold(&item.name) == key) {
        return Ok(exact);
    }
    match found {
        [] => Err(Message::new("item-unknown").arg("name", typed.trim())),
        [only] => Ok(only),
        several => {
            let names: Vec<&str> = several.iter().take(5).map(|i| i.name.as_str()).collect();
            Err(Message::new("item-several").arg("names", names.join(", ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::db::Id;

    fn item(name: &str) -> Item {
        Item {
            id: Id::new(),
            name: name.into(),
            class: String::new(),
            environment: String::new(),
            team_id: None,
            service_id: None,
            disabled_at: None,
            version: 1,
        }
    }

    #[test]
    fn an_item_is_meant_by_its_name_or_a_beginning_only_it_has() {
        let found = [item("TILL-0114"), item("TILL-0114-06")];
        assert_eq!(meant(" till-0114 ", &found).unwrap().name, "TILL-0114");
        assert_eq!(meant("till-01", &found).unwrap_err().key, "item-several");
        assert_eq!(
            meant("till-0114-", &found[1..]).unwrap().name,
            "TILL-0114-06"
        );
        assert_eq!(meant("printer", &[]).unwrap_err().key, "item-unknown");
    }
}
