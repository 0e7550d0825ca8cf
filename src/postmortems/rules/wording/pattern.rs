//! The rules of a language, read from their file. What is wrong with the file is found by a test, and a
//! line that cannot be read is a rule less, never a stop.

use std::collections::HashMap;

/// Everything a language says.
#[derive(Debug, Default)]
pub(super) struct Language {
    pub rules: Vec<Rule>,
    classes: Vec<Words>,
    /// The rules that may begin with a word, by that word.
    by_word: HashMap<&'static str, Vec<usize>>,
    /// The rules that may begin with words of this beginning or ending, or with a person's name.
    by_part: Vec<(Part, Vec<usize>)>,
    by_name: Vec<usize>,
    pub roles: usize,
    #[cfg(test)]
    pub faults: Vec<String>,
}

/// The rules of a file.
#[derive(Debug)]
pub(super) struct Rule {
    pub id: &'static str,
    pub topic: &'static str,
    pub register: &'static str,
    /// `^`: only at the beginning of a sentence; `<`: of a clause.
    pub begins: Begins,
    pub elements: Vec<Element>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Begins {
    Anywhere,
    Clause,
    Sentence,
}

#[derive(Debug)]
pub(super) struct Element {
    pub words: Words,
    pub optional: bool,
    /// Stops the rule where it matches, and takes no word.
    pub excluded: bool,
}

/// A set of words.
#[derive(Debug, Default)]
pub(super) struct Words {
    exact: Vec<&'static str>,
    parts: Vec<Part>,
    classes: Vec<usize>,
    any: bool,
    name: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Start(&'static str),
    End(&'static str),
}

impl Part {
    fn fits(self, word: &str) -> bool {
        match self {
            Part::Start(part) => word.starts_with(part),
            Part::End(part) => word.len() > part.len() && word.ends_with(part),
        }
    }
}

impl Language {
    /// Reads a file of rules.
    pub fn read(file: &'static str) -> Self {
        let mut language = Language::default();
        let mut names: Vec<&'static str> = Vec::new();
        let lines = || {
            file.lines()
                .map(str::trim)
                .filter(|l| !l.is_empty() && !l.starts_with('#'))
        };
        for line in lines() {
            let class = line.strip_prefix('@').and_then(|rest| rest.split_once('='));
            if let Some((name, words)) = class {
                let words = words.split_whitespace().map(|word| (word, &names));
                let mut set = Words::default();
                for (word, names) in words {
                    language.fault(set.add(word, names), line);
                }
                set.exact.sort_unstable();
                names.push(name.trim());
                language.classes.push(set);
            }
        }
        for line in lines().filter(|line| !line.starts_with('@')) {
            let rule = Rule::read(line, &names);
            language.fault(rule.is_some(), line);
            language.rules.extend(rule);
        }
        language.roles = names
            .iter()
            .position(|name| *name == "role")
            .unwrap_or(usize::MAX);
        language.index();
        language
    }

    #[cfg(test)]
    fn fault(&mut self, fine: bool, line: &str) {
        if !fine {
            self.faults.push(line.to_owned());
        }
    }

    #[cfg(not(test))]
    fn fault(&mut self, _: bool, _: &str) {}

    /// Which rules may begin with which words: those of the first element that has to be there, and of
    /// the optional ones before it.
    fn index(&mut self) {
        let mut by_word: HashMap<&'static str, Vec<usize>> = HashMap::new();
        let mut by_part: Vec<(Part, Vec<usize>)> = Vec::new();
        let mut by_name = Vec::new();
        for (n, rule) in self.rules.iter().enumerate() {
            let wanted = rule.elements.iter().position(|e| !e.optional).unwrap_or(0);
            let mut sets: Vec<&Words> = rule
                .elements
                .iter()
                .take(wanted + 1)
                .map(|e| &e.words)
                .collect();
            while let Some(set) = sets.pop() {
                sets.extend(
                    set.classes
                        .iter()
                        .filter_map(|class| self.classes.get(*class)),
                );
                for word in &set.exact {
                    by_word.entry(word).or_default().push(n);
                }
                for part in &set.parts {
                    match by_part.iter_mut().find(|(other, _)| other == part) {
                        Some((_, rules)) => rules.push(n),
                        None => by_part.push((*part, vec![n])),
                    }
                }
                if set.name {
                    by_name.push(n);
                }
            }
        }
        (self.by_word, self.by_part, self.by_name) = (by_word, by_part, by_name);
    }

    /// The rules that may begin at a word, in the order of the file.
    pub fn candidates(&self, word: &str, is_name: bool, found: &mut Vec<usize>) {
        found.clear();
        found.extend(self.by_word.get(word).into_iter().flatten());
        for (part, rules) in &self.by_part {
            if part.fits(word) {
                found.extend(rules);
            }
        }
        if is_name {
            found.extend(&self.by_name);
        }
        found.sort_unstable();
        found.dedup();
    }

    /// Whether a word is one of a set.
    pub fn has(&self, set: &Words, word: &str, is_name: bool) -> bool {
        set.any
            || (set.name && is_name)
            || set.exact.contains(&word)
            || set.parts.iter().any(|part| part.fits(word))
            || set
                .classes
                .iter()
                .any(|class| self.in_class(*class, word, is_name))
    }

    pub fn in_class(&self, class: usize, word: &str, is_name: bool) -> bool {
        self.classes
            .get(class)
            .is_some_and(|set| self.has(set, word, is_name))
    }
}

impl Rule {
    fn read(line: &'static str, classes: &[&'static str]) -> Option<Self> {
        let (head, pattern) = line.split_once('|')?;
        let mut head = head.split_whitespace();
        let (id, topic, register) = (head.next()?, head.next()?, head.next()?);
        let mut begins = Begins::Anywhere;
        let mut elements = Vec::new();
        for part in pattern.split_whitespace() {
            match part {
                "^" => begins = Begins::Sentence,
                "<" => begins = Begins::Clause,
                part => elements.push(Element::read(part, classes)?),
            }
        }
        let wanted = elements.iter().any(|e| !e.optional && !e.excluded);
        wanted.then_some(Rule {
            id,
            topic,
            register,
            begins,
            elements,
        })
    }
}

impl Element {
    fn read(part: &'static str, classes: &[&'static str]) -> Option<Self> {
        let (optional, rest) = part
            .strip_prefix('?')
            .map_or((false, part), |rest| (true, rest));
        let (excluded, rest) = rest
            .strip_prefix('!')
            .map_or((false, rest), |rest| (true, rest));
        let mut words = Words::default();
        for word in rest.split('|') {
            if !words.add(word, classes) {
                return None;
            }
        }
        Some(Element {
            words,
            optional,
            excluded,
        })
    }
}

impl Words {
    /// Adds what one word of the file stands for; whether it could be read.
    fn add(&mut self, word: &'static str, classes: &[&'static str]) -> bool {
        if word == "*" {
            self.any = true;
        } else if word == "@name" {
            self.name = true;
        } else if let Some(name) = word.strip_prefix('@') {
            let Some(class) = classes.iter().position(|known| *known == name) else {
                return false;
            };
            self.classes.push(class);
        } else if let Some(end) = word.strip_prefix('*') {
            self.parts.push(Part::End(end));
        } else if let Some(start) = word.strip_suffix('*') {
            self.parts.push(Part::Start(start));
        } else {
            self.exact.push(word);
        }
        !word.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_file_can_be_read() {
        let language = Language::read(include_str!("en.txt"));
        assert_eq!(language.faults, Vec::<String>::new());
        let mut ids: Vec<_> = language.rules.iter().map(|r| r.id).collect();
        ids.sort_unstable();
        let all = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), all, "a rule's name is its own");
        assert!(
            language
                .rules
                .iter()
                .all(|r| ["prose", "action", "all"].contains(&r.register))
        );
        // Nothing may begin with just any word: the whole text would be looked at for it.
        assert!(
            language
                .rules
                .iter()
                .all(|r| !r.elements[0].words.any && !r.elements[0].excluded)
        );
    }

    #[test]
    fn a_line_that_cannot_be_read_is_a_rule_less() {
        let language = Language::read(
            "A1 t prose | one ?two\nA2 t | \nA3 t prose | @unknown\nA4 t prose | ?one",
        );
        assert_eq!(
            language.rules.iter().map(|r| r.id).collect::<Vec<_>>(),
            ["A1"]
        );
        assert_eq!(language.faults.len(), 3);
    }
}
