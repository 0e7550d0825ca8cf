//! Pure checks of what is given about people, teams and passwords.
//!
//! Forms, the command line and imports all come through here, so cleaning, limits and messages are
//! the same at every door.

use validator::ValidateEmail;

use super::model::{LocationForm, OrganisationForm, PersonForm, Preferences, Roles, TeamForm};
use crate::platform::kernel::error::{Invalid, Message, Result};
use crate::platform::kernel::secrets::{Weak, check_password};
use crate::platform::kernel::text;
use crate::platform::kernel::zone::Zone;
use crate::platform::words::Words;

const NAME_MAX: usize = 200;
const MAIL_MAX: usize = 254;
const PHONE_MAX: usize = 60;
const STAFF_NUMBER_MAX: usize = 60;
const ADDRESS_MAX: usize = 300;

/// The looks a page may have; `auto` follows the machine.
pub const THEMES: [&str; 3] = ["auto", "light", "dark"];

/// A person, cleaned, or everything that is wrong.
pub fn person(given: &PersonForm) -> Result<PersonForm> {
    let mut invalid = Invalid::default();
    let name = name(&given.name, &mut invalid);
    let mail = line("mail", &given.mail, MAIL_MAX, &mut invalid);
    if !mail.is_empty() && !mail.validate_email() {
        invalid.add("mail", "error-not-an-email");
    }
    if given.mail.trim().is_empty() && given.roles != Roles::NONE {
        invalid.add("mail", "person-mail-needed");
    }
    let phone = line("phone", &given.phone, PHONE_MAX, &mut invalid);
    if !phone.is_empty() && !is_phone(&phone) {
        invalid.add("phone", "error-not-a-phone");
    }
    let staff_number = line(
        "staff_number",
        &given.staff_number,
        STAFF_NUMBER_MAX,
        &mut invalid,
    );
    check_language(&given.language, &mut invalid);
    let zone = check_zone(&given.zone, &mut invalid);
    invalid.or(PersonForm {
        name,
        mail,
        phone,
        staff_number,
        zone,
        ..given.clone()
    })
}

/// An organisation, cleaned.
pub fn organisation(given: &OrganisationForm) -> Result<OrganisationForm> {
    let mut invalid = Invalid::default();
    let name = name(&given.name, &mut invalid);
    invalid.or(OrganisationForm {
        name,
        ..given.clone()
    })
}

/// A location, cleaned.
pub fn location(given: &LocationForm) -> Result<LocationForm> {
    let mut invalid = Invalid::default();
    let name = name(&given.name, &mut invalid);
    let address = line("address", &given.address, ADDRESS_MAX, &mut invalid);
    invalid.or(LocationForm {
        name,
        address,
        ..given.clone()
    })
}

/// How many line managers stand over each other at most; whoever would have more runs in a circle.
pub const MANAGERS_MAX: usize = 100;

/// Whether somebody would come to manage themself by having this manager. `above` says who manages
/// somebody; it is asked a bounded number of times, also where a circle stands already.
pub fn manages_themself<P: PartialEq + Clone, E>(
    person: &P,
    manager: &P,
    mut above: impl FnMut(&P) -> std::result::Result<Option<P>, E>,
) -> std::result::Result<bool, E> {
    let mut next = Some(manager.clone());
    for _ in 0..MANAGERS_MAX {
        match next {
            None => return Ok(false),
            Some(found) if found == *person => return Ok(true),
            Some(found) => next = above(&found)?,
        }
    }
    Ok(true)
}

/// A team, cleaned.
pub fn team(given: &TeamForm) -> Result<TeamForm> {
    let mut invalid = Invalid::default();
    let name = name(&given.name, &mut invalid);
    invalid.or(TeamForm {
        name,
        ..given.clone()
    })
}

/// Somebody's own choices, checked.
pub fn preferences(given: &Preferences) -> Result<Preferences> {
    let mut invalid = Invalid::default();
    check_language(&given.language, &mut invalid);
    let zone = check_zone(&given.zone, &mut invalid);
    if !THEMES.contains(&given.theme.as_str()) {
        invalid.add("theme", "error-unknown-choice");
    }
    invalid.or(Preferences {
        zone,
        ..given.clone()
    })
}

/// A new password, typed twice. `about` is what is publicly known of the person.
pub fn new_password(password: &str, again: &str, about: &[&str]) -> Result<()> {
    let mut invalid = Invalid::default();
    if password.is_empty() {
        invalid.add("password", "error-required");
    } else if let Err(weak) = check_password(password, about) {
        let message = Message::new(weak.key());
        invalid.add(
            "password",
            match weak {
                Weak::TooShort { min } => message.arg("min", min),
                Weak::TooLong { max } => message.arg("max", max),
                Weak::Common | Weak::Personal => message,
            },
        );
    } else if password != again {
        invalid.add("password_again", "password-not-the-same");
    }
    invalid.or(())
}

/// Whether nobody could administer any more if this person no longer did. `administrators` counts
/// the enabled ones, this person among them.
pub fn is_last_administrator(roles: Roles, enabled: bool, administrators: usize) -> bool {
    enabled && roles.any_of(Roles::ADMINISTRATOR) && administrators <= 1
}

/// A time zone as it is spelled in the zone database.
pub fn check_zone(given: &str, invalid: &mut Invalid) -> String {
    match Zone::named(given.trim()) {
        Some(zone) => zone.name().to_owned(),
        None => {
            invalid.add("zone", "error-not-a-zone");
            String::new()
        }
    }
}

/// Browser and system in a user agent's own description of itself, where they are well known.
pub fn device(user_agent: &str) -> Option<(&'static str, &'static str)> {
    // Each pretends to be those after it.
    const BROWSERS: [(&str, &str); 7] = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
        ("CriOS/", "Chrome"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let find = |table: &[(&str, &'static str)]| {
        table
            .iter()
            .find(|(sign, _)| user_agent.contains(sign))
            .map(|(_, name)| *name)
    };
    Some((find(&BROWSERS)?, find(&SYSTEMS).unwrap_or("")))
}

fn name(given: &str, invalid: &mut Invalid) -> String {
    let name = line("name", given, NAME_MAX, invalid);
    if name.is_empty() && invalid.of("name").is_none() {
        invalid.add("name", "error-required");
    }
    name
}

fn line(field: &'static str, given: &str, max: usize, invalid: &mut Invalid) -> String {
    text::clean_line(given, max).unwrap_or_else(|long| {
        let message = Message::new("error-too-long")
            .arg("max", long.max)
            .arg("got", long.got);
        invalid.add(field, message);
        String::new()
    })
}

fn check_language(given: &str, invalid: &mut Invalid) {
    if !Words::offered().contains(&given) {
        invalid.add("language", "error-unknown-choice");
    }
}

/// Digits with the signs people write between them, and perhaps a word for the extension.
fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let signs = |c: char| c.is_ascii_digit() || " +-./()#*,".contains(c);
    let letters: String = text.chars().filter(|c| !signs(*c)).collect();
    digits >= 2
        && matches!(
            letters.to_lowercase().as_str(),
            "" | "x" | "ext" | "extension"
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::kernel::error::Error;

    fn given() -> PersonForm {
        PersonForm {
            name: "Noor Haddad".into(),
            language: "en".into(),
            zone: "Europe/Oslo".into(),
            ..PersonForm::default()
        }
    }

    fn wrong(form: &PersonForm) -> Vec<&'static str> {
        match person(form) {
            Err(Error::Invalid(invalid)) => invalid.0.iter().map(|(field, _)| *field).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn a_name_is_enough_for_somebody_who_only_calls() {
        assert_eq!(person(&given()).unwrap(), given());
        let spaced = PersonForm {
            name: "  Noor\0 Haddad \r\n".into(),
            zone: "europe/oslo".into(),
            ..given()
        };
        assert_eq!(person(&spaced).unwrap(), given());
    }

    #[test]
    fn each_field_has_its_own_message() {
        let bad = PersonForm {
            name: "n".repeat(10_000),
            mail: "noor at example".into(),
            phone: "call me".into(),
            staff_number: "4".repeat(61),
            language: "tlh".into(),
            zone: "Europe/Atlantis".into(),
            ..PersonForm::default()
        };
        assert_eq!(
            wrong(&bad),
            ["name", "mail", "phone", "staff_number", "language", "zone"]
        );
        assert_eq!(
            wrong(&PersonForm {
                name: " ".into(),
                ..given()
            }),
            ["name"]
        );
    }

    #[test]
    fn whoever_signs_in_needs_a_mail_address() {
        let agent = PersonForm {
            roles: Roles::AGENT,
            ..given()
        };
        assert_eq!(wrong(&agent), ["mail"]);
        let with_mail = PersonForm {
            mail: "noor@example.org".into(),
            ..agent
        };
        assert!(person(&with_mail).is_ok());
    }

    #[test]
    fn phones_as_people_write_them() {
        for good in [
            "+49 30 901820",
            "(555) 123-4567",
            "ext. 5120",
            "5120",
            "030/12 x7",
        ] {
            assert!(is_phone(good), "{good}");
        }
        for bad in ["", "+", "call me 12", "5", "<script>12"] {
            assert!(!is_phone(bad), "{bad}");
        }
    }

    #[test]
    fn a_new_password_is_typed_twice_and_not_weak() {
        let about = ["Noor Haddad", "noor@example.org"];
        let field = |password: &str, again: &str| match new_password(password, again, &about) {
            Err(Error::Invalid(invalid)) => invalid.0.first().map(|(f, m)| (*f, m.key)),
            _ => None,
        };
        assert_eq!(field("", ""), Some(("password", "error-required")));
        assert_eq!(
            field("short", "short"),
            Some(("password", "password-too-short"))
        );
        assert_eq!(
            field("noorhaddad2026", ""),
            Some(("password", "password-personal"))
        );
        let good = "trampoline in oslo";
        assert_eq!(
            field(good, "trampoline"),
            Some(("password_again", "password-not-the-same"))
        );
        assert_eq!(field(good, good), None);
    }

    #[test]
    fn somebody_must_be_able_to_administer() {
        let both = Roles::AGENT.with(Roles::ADMINISTRATOR);
        assert!(is_last_administrator(both, true, 1));
        assert!(!is_last_administrator(both, true, 2));
        assert!(!is_last_administrator(both, false, 1));
        assert!(!is_last_administrator(Roles::AGENT, true, 1));
    }

    #[test]
    fn nobody_manages_themself_over_however_many() {
        // Each is managed by the next one; the last by nobody.
        let above = |n: &u32| Ok::<_, ()>((*n < 50).then_some(*n + 1));
        assert_eq!(manages_themself(&7, &7, above), Ok(true));
        assert_eq!(manages_themself(&7, &3, above), Ok(true));
        assert_eq!(manages_themself(&3, &7, above), Ok(false));
        // A circle that stands there already ends the walk.
        let mut asked = 0;
        let round = |n: &u32| {
            asked += 1;
            Ok::<_, ()>(Some((n + 1) % 3))
        };
        assert_eq!(manages_themself(&9, &0, round), Ok(true));
        assert_eq!(asked, MANAGERS_MAX);
    }

    #[test]
    fn places_have_names() {
        let nameless = LocationForm {
            address: "Dreggsallmenningen 1, Bergen".into(),
            ..LocationForm::default()
        };
        assert!(location(&nameless).is_err());
        assert!(organisation(&OrganisationForm::default()).is_err());
        let named = LocationForm {
            name: " Store 114  ".into(),
            ..nameless
        };
        assert_eq!(location(&named).unwrap().name, "Store 114");
    }

    #[test]
    fn devices_by_name() {
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        assert_eq!(device(firefox), Some(("Firefox", "Linux")));
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0";
        assert_eq!(device(edge), Some(("Edge", "Windows")));
        assert_eq!(device("curl/8.14"), Some(("curl", "")));
        assert_eq!(device("something else"), None);
    }

    #[test]
    fn zones_offered_exist() {
        for zone in super::super::zones::COMMON {
            assert_eq!(
                Zone::named(zone).map(|z| z.name().to_owned()).as_deref(),
                Some(*zone)
            );
        }
    }
}
