//! The parts of a first or last name: particles, several surnames, several given names, initials.

use super::{PART, SPELLING, SWAPPED, Way};

/// Words that belong to the surname behind them and that are kept, dropped or moved as each program likes.
const PARTICLES: &[&str] = &[
    "van", "von", "vom", "der", "den", "de", "het", "'t", "te", "ter", "ten", "zu", "zum", "zur",
    "la", "las", "los", "le", "les", "du", "des", "del", "della", "dei", "di", "da", "das", "do",
    "dos", "af", "av", "ben", "bin", "ibn", "bint", "bat", "abu", "al", "el", "ul", "o", "ó", "ní",
    "mac", "mc", "y", "e", "בן", "בת", "אל", "ال", "بن", "ibn",
];

/// Parts of one field that are looked for alone; nobody is known by the fifth.
const MOST_PARTS: usize = 4;

/// Words behind a surname that are no part of it.
const SUFFIXES: &[&str] = &["jr", "jr.", "sr", "sr.", "ii", "iii", "iv"];

fn is_particle(word: &str) -> bool {
    let word = word.to_lowercase();
    PARTICLES.contains(&word.as_str())
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{5be}')
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '`' | '´' | '׳')
}

/// Words between spaces and hyphens.
fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| c.is_whitespace() || is_hyphen(c))
        .filter(|word| !word.is_empty())
        .collect()
}

/// A surname with the particles before it.
struct Surname<'a> {
    particles: Vec<&'a str>,
    core: &'a str,
}

impl Surname<'_> {
    fn whole(&self) -> String {
        let mut words = self.particles.clone();
        words.push(self.core);
        words.join(" ")
    }
}

/// The surnames of a last name; the last word is always one, whatever it looks like (Ben, Do, Le).
fn surnames(text: &str) -> Vec<Surname<'_>> {
    let mut found = Vec::new();
    let mut particles = Vec::new();
    let words = words(text);
    for (i, word) in words.iter().enumerate() {
        if is_particle(word) && i + 1 < words.len() {
            particles.push(*word);
        } else {
            found.push(Surname {
                particles: std::mem::take(&mut particles),
                core: word,
            });
        }
    }
    found
}

/// "Jan van der" as "Jan" and "van der".
pub fn trailing_particles(first: &str) -> (String, String) {
    let words: Vec<&str> = first.split_whitespace().collect();
    let given = words.iter().rposition(|word| !is_particle(word));
    let cut = given.map_or(0, |last| last + 1);
    (words[..cut].join(" "), words[cut..].join(" "))
}

/// "van der Meer" as "van der" and "Meer".
pub fn leading_particles(last: &str) -> (String, String) {
    let words: Vec<&str> = last.split_whitespace().collect();
    let most = words.len().saturating_sub(1);
    let cut = words[..most]
        .iter()
        .take_while(|word| is_particle(word))
        .count();
    (words[..cut].join(" "), words[cut..].join(" "))
}

/// The ways to write a last name.
pub fn family(text: &str) -> Vec<Way> {
    let mut ways = vec![Way::new(text, 0, 0)];
    let words_given: Vec<&str> = text.split_whitespace().collect();
    ways.push(Way::new(words_given.join(" "), 0, 0));
    if let Some((suffix, before)) = words_given.split_last()
        && SUFFIXES.contains(&suffix.to_lowercase().as_str())
        && !before.is_empty()
    {
        let bare = before.join(" ");
        ways.push(Way::new(bare.trim_end_matches(','), 2, PART));
    }
    let found = surnames(text);
    together(&found, &mut ways);
    if found.len() > 1 {
        for surname in found.iter().take(MOST_PARTS) {
            ways.push(Way::new(surname.whole(), 2, PART));
            ways.push(Way::new(surname.core, 3, PART | SPELLING));
        }
    }
    let plain: Vec<Way> = ways.clone();
    for way in &plain {
        marks(way, &mut ways);
    }
    ways
}

/// All surnames, joined in each way.
fn together(found: &[Surname<'_>], ways: &mut Vec<Way>) {
    let whole: Vec<String> = found.iter().map(Surname::whole).collect();
    let cores: Vec<&str> = found.iter().map(|surname| surname.core).collect();
    ways.push(Way::new(whole.join(" "), 1, SPELLING));
    ways.push(Way::new(whole.join("-"), 1, SPELLING));
    if found.iter().any(|surname| !surname.particles.is_empty()) {
        ways.push(Way::new(whole.join(" ").replace(' ', "-"), 2, SPELLING));
        ways.push(Way::new(cores.join(" "), 2, SPELLING));
        ways.push(Way::new(cores.join("-"), 2, SPELLING));
        ways.push(Way::new(whole.concat().replace(' ', ""), 3, SPELLING));
        if let [only] = found {
            let particles = only.particles.join(" ");
            ways.push(Way::new(format!("{}, {particles}", only.core), 4, SPELLING));
            let prefix = only.particles.concat();
            ways.push(Way::new(format!("{prefix} {}", only.core), 4, SPELLING));
        }
    }
    if found.len() > 1 {
        let turned: Vec<String> = whole.iter().rev().cloned().collect();
        ways.push(Way::new(turned.join(" "), 3, SWAPPED));
        ways.push(Way::new(turned.join("-"), 3, SWAPPED));
        ways.push(Way::new(cores.concat(), 4, SPELLING));
    }
}

/// Apostrophes, and Mac and Mc.
fn marks(way: &Way, ways: &mut Vec<Way>) {
    let text = way.text.as_str();
    let mut add = |text: String, cost: u32| {
        ways.push(Way::new(text, way.cost + cost, way.reason | SPELLING));
    };
    let replaced = |by: &str| -> String { text.split(is_apostrophe).collect::<Vec<_>>().join(by) };
    if text.contains(is_apostrophe) {
        add(replaced("'"), 1);
        add(replaced("’"), 1);
        add(replaced(""), 1);
        add(replaced(" "), 2);
        if let Some((prefix, name)) = text.split_once(is_apostrophe)
            && prefix.chars().count() <= 2
            && !name.is_empty()
        {
            add(name.to_owned(), 3);
        }
    } else if let Some(name) = irish(text) {
        add(format!("O'{name}"), 2);
        add(format!("O’{name}"), 3);
        add(format!("O{name}"), 3);
    }
    let lower = text.to_lowercase();
    for (from, to) in [
        ("mac", ["Mc", "Mac ", "Mc "]),
        ("mc", ["Mac", "Mc ", "Mac "]),
    ] {
        let rest = text
            .get(from.len()..)
            .map(str::trim_start)
            .unwrap_or_default();
        // "Mack" and "Macy" are no Macs.
        if lower.starts_with(from) && rest.starts_with(char::is_uppercase) {
            to.iter()
                .for_each(|prefix| add(format!("{prefix}{rest}"), 2));
            add(rest.to_owned(), 4);
            break;
        }
    }
}

/// "O Connor", "Ó Briain" and "OConnor" without their O.
fn irish(text: &str) -> Option<&str> {
    let rest = text.strip_prefix(['O', 'Ó', 'o', 'ó'])?;
    let name = rest.trim_start();
    (name.starts_with(char::is_uppercase) && name.chars().count() > 2).then_some(name)
}

fn is_initial(word: &str) -> bool {
    let letters = word.trim_end_matches('.');
    letters.chars().count() == 1 && letters.is_ascii()
        || word.len() > 2 && word.split_terminator('.').all(|part| part.len() == 1)
}

/// The ways to write a first name.
pub fn given(text: &str) -> Vec<Way> {
    let mut ways = vec![Way::new(text, 0, 0)];
    let names = words(text);
    if names.len() > 1 {
        ways.push(Way::new(names.join(" "), 1, SPELLING));
        ways.push(Way::new(names.join("-"), 1, SPELLING));
        ways.push(Way::new(names.concat(), 2, SPELLING));
        let full: Vec<&str> = names
            .iter()
            .copied()
            .filter(|name| !is_initial(name))
            .collect();
        if !full.is_empty() && full.len() < names.len() {
            ways.push(Way::new(full.join(" "), 1, PART));
        }
        for (i, name) in names.iter().take(MOST_PARTS).enumerate() {
            if !is_initial(name) && !is_particle(name) {
                ways.push(Way::new(*name, if i == 0 { 2 } else { 3 }, PART));
            }
        }
    }
    if text.contains(is_apostrophe) {
        for by in ["'", "’", ""] {
            let replaced: Vec<&str> = text.split(is_apostrophe).collect();
            ways.push(Way::new(replaced.join(by), 1, SPELLING));
        }
    }
    ways
}
