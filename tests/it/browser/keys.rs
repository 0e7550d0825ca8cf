//! Real key events to whatever has the focus, counted as a hand counts them.

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;

use super::Browser;

impl Browser {
    /// Presses a key or a chord, once: `Tab`, `Enter`, `c`, `Control+Enter`, `Shift+Tab`.
    #[track_caller]
    pub fn press(&self, keys: &str) {
        self.presses.borrow_mut().push(keys.to_owned());
        let held: Vec<char> = parts(keys).into_iter().map(key).collect();
        let down = held.iter().map(|key| KeyAction::Down { value: *key });
        let up = held.iter().rev().map(|key| KeyAction::Up { value: *key });
        self.perform(keys, down.chain(up));
    }

    /// The same key several times; each counts.
    #[track_caller]
    pub fn press_times(&self, keys: &str, times: usize) {
        for _ in 0..times {
            self.press(keys);
        }
    }

    /// Types characters with key events. Not counted: it is what the person has to say.
    #[track_caller]
    pub fn typed(&self, text: &str) {
        let events = text.chars().flat_map(|letter| {
            let value = if letter == '\n' {
                char::from(Key::Return)
            } else {
                letter
            };
            [KeyAction::Down { value }, KeyAction::Up { value }]
        });
        self.perform(text, events);
    }

    /// How many presses so far.
    pub fn presses(&self) -> usize {
        self.presses.borrow().len()
    }

    /// The presses themselves, for a story to print.
    pub fn pressed(&self) -> String {
        self.presses.borrow().join(" · ")
    }

    /// Starts counting anew.
    pub fn forget_presses(&self) {
        self.presses.borrow_mut().clear();
    }

    #[track_caller]
    fn perform(&self, what: &str, events: impl Iterator<Item = KeyAction>) {
        let actions = events.fold(KeyActions::new("keyboard".into()), InputSource::then);
        self.step("keys", what, self.client().perform_actions(actions));
    }
}

/// `Control+Enter` → two keys; a lone `+` is itself.
fn parts(keys: &str) -> Vec<&str> {
    if keys.chars().count() == 1 {
        vec![keys]
    } else {
        keys.split('+').collect()
    }
}

fn key(name: &str) -> char {
    let mut letters = name.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        return letter;
    }
    char::from(match name {
        "Alt" => Key::Alt,
        "Backspace" => Key::Backspace,
        "Control" => Key::Control,
        "Delete" => Key::Delete,
        "Down" => Key::Down,
        "End" => Key::End,
        "Enter" => Key::Return, // `Key::Enter` is the one of the number pad
        "Escape" => Key::Escape,
        "Home" => Key::Home,
        "Left" => Key::Left,
        "PageDown" => Key::PageDown,
        "PageUp" => Key::PageUp,
        "Right" => Key::Right,
        "Shift" => Key::Shift,
        "Space" => return ' ',
        "Tab" => Key::Tab,
        "Up" => Key::Up,
        other => panic!("{other:?} is not the name of a key"),
    })
}
