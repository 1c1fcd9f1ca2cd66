//! Names of many languages: what must be searched for, and what is one person's name and what isn't.

use super::*;

type Name = (&'static str, &'static str);

/// As given, and ways that must be among those searched for.
const SEARCHED: &[(Name, &[Name])] = &[
    (("Dmitri", "Petrov"), &[("Petrov", "Dmitri")]),
    // Japanese: the family name comes first, so the fields get swapped.
    (("さくら", "山本"), &[("山本", "さくら")]),
    // Spanish double surnames.
    (
        ("Maria", "Gonzalez Ferreira"),
        &[
            ("Maria", "Gonzalez-Ferreira"),
            ("Maria", "Gonzalez"),
            ("Maria", "Ferreira"),
            ("Maria", "Ferreira Gonzalez"),
            ("Maria", "Ferreira-Gonzalez"),
            ("Gonzalez Ferreira", "Maria"),
        ],
    ),
    (
        ("José Luis", "García y López"),
        &[
            ("José Luis", "García López"),
            ("José Luis", "García-López"),
            ("Jose Luis", "Garcia y Lopez"),
            ("José", "García y López"),
        ],
    ),
    (
        ("Zoë", "Müller-Łukasz"),
        &[
            ("Zoe", "Muller-Lukasz"),
            ("Zoe", "Mueller-Lukasz"),
            ("Zoë", "Müller Łukasz"),
            ("Zoë", "Müller"),
            ("Zoë", "Łukasz"),
            ("Zoe", "Müller-Łukasz"),
            ("Müller-Łukasz", "Zoë"),
        ],
    ),
    // Dutch particles, in the last name, in the first name, behind a comma.
    (
        ("Jan", "van der Meer"),
        &[
            ("Jan", "Meer"),
            ("Jan van der", "Meer"),
            ("Jan", "vanderMeer"),
            ("Jan", "Meer, van der"),
            ("van der Meer", "Jan"),
        ],
    ),
    (
        ("Jan van der", "Meer"),
        &[("Jan", "van der Meer"), ("Jan", "Meer")],
    ),
    (
        ("Jan", "Meer, van der"),
        &[("Jan", "van der Meer"), ("Jan", "Meer")],
    ),
    (
        ("Luca", "De Santis"),
        &[
            ("Luca", "Santis"),
            ("Luca", "DeSantis"),
            ("Luca De", "Santis"),
        ],
    ),
    (
        ("Beatriz", "da Silva dos Santos"),
        &[
            ("Beatriz", "Silva Santos"),
            ("Beatriz", "da Silva"),
            ("Beatriz", "dos Santos"),
        ],
    ),
    // Arabic and Hebrew.
    (
        ("Omar", "al-Sayed"),
        &[("Omar", "al Sayed"), ("Omar", "Sayed"), ("Omar", "alSayed")],
    ),
    (
        ("Yusuf", "El Amrani"),
        &[("Yusuf", "El-Amrani"), ("Yusuf", "Amrani")],
    ),
    (
        ("נועה", "בן-דוד"),
        &[("נועה", "בן דוד"), ("נועה", "דוד"), ("בן-דוד", "נועה")],
    ),
    // German, Scandinavian, Polish, Turkish.
    (
        ("Jürgen", "Weiß"),
        &[
            ("Jurgen", "Weiss"),
            ("Juergen", "Weiss"),
            ("Jürgen", "Weiss"),
        ],
    ),
    (("Juergen", "Mueller"), &[("Jürgen", "Müller")]),
    (
        ("Søren", "Ågård"),
        &[("Soren", "Agard"), ("Soeren", "Aagaard")],
    ),
    (("Katarzyna", "Żółć"), &[("Katarzyna", "Zolc")]),
    (("Aylin", "Yıldız"), &[("Aylin", "Yildiz")]),
    (("İpek", "Şahin"), &[("Ipek", "Sahin")]),
    (("Ελένη", "Παπαδοπούλου"), &[("Ελενη", "Παπαδοπουλου")]),
    // Irish and Scottish, with each apostrophe.
    (
        ("Liam", "O'Connor"),
        &[
            ("Liam", "O’Connor"),
            ("Liam", "OConnor"),
            ("Liam", "O Connor"),
            ("Liam", "Connor"),
        ],
    ),
    (("Liam", "O’Connor"), &[("Liam", "O'Connor")]),
    (("Liam", "OConnor"), &[("Liam", "O'Connor")]),
    (
        ("Tomás", "Ó Briain"),
        &[
            ("Tomas", "O Briain"),
            ("Tomás", "O'Briain"),
            ("Tomás", "Briain"),
        ],
    ),
    (
        ("Ian", "MacDonald"),
        &[("Ian", "McDonald"), ("Ian", "Mac Donald")],
    ),
    (("Ian", "McDonald"), &[("Ian", "MacDonald")]),
    // Several given names, initials.
    (
        ("Anne-Marie", "Dubois"),
        &[
            ("Anne Marie", "Dubois"),
            ("AnneMarie", "Dubois"),
            ("Anne", "Dubois"),
            ("Marie", "Dubois"),
        ],
    ),
    (("John Q.", "Public"), &[("John", "Public")]),
    (("J. Robert", "Miller"), &[("Robert", "Miller")]),
    (("John", "Smith Jr."), &[("John", "Smith")]),
    // The whole name in one field.
    (
        ("", "Dmitri Petrov"),
        &[("Dmitri", "Petrov"), ("Petrov", "Dmitri")],
    ),
    (("Petrov, Dmitri", ""), &[("Dmitri", "Petrov")]),
    (("", "Suharto"), &[("Suharto", "")]),
    (("Suharto", ""), &[("", "Suharto")]),
];

#[test]
fn every_way_is_searched_for() {
    for ((first, last), ways) in SEARCHED {
        let found = permutations(first, last);
        assert!(found.len() <= MOST, "{first} {last}: {}", found.len());
        assert_eq!((&*found[0].first, &*found[0].last), (*first, *last));
        for way in *ways {
            let known = found
                .iter()
                .any(|known| is_same(&known.first, way.0) && is_same(&known.last, way.1));
            assert!(known, "{first} {last}: {way:?} is not in {found:#?}");
        }
    }
}

#[test]
fn no_way_comes_twice_and_none_is_empty() {
    for ((first, last), _) in SEARCHED {
        let found = permutations(first, last);
        let keys: std::collections::HashSet<_> = found
            .iter()
            .map(|way| (key(&way.first), key(&way.last)))
            .collect();
        assert_eq!(keys.len(), found.len());
        for way in &found {
            assert!(!way.first.is_empty() || !way.last.is_empty());
            assert_eq!(way.first.trim(), way.first);
            assert_eq!(way.last.trim(), way.last);
        }
    }
    assert!(permutations("", " ").is_empty());
}

#[test]
fn a_plain_name_needs_few_searches() {
    assert_eq!(permutations("John", "Smith").len(), 2);
    assert_eq!(permutations("Mack", "Macy").len(), 2);
    assert_eq!(permutations("Otto", "Ohm").len(), 2);
    // Particles alone are names: Ben Do.
    assert_eq!(permutations("Ben", "Do").len(), 2);
}

#[test]
fn the_order_tells_what_is_likely() {
    let found = permutations("Zoë", "Müller-Łukasz");
    let place = |first: &str, last: &str| {
        found
            .iter()
            .position(|way| way.first == first && way.last == last)
            .unwrap()
    };
    assert!(place("Müller-Łukasz", "Zoë") < place("Zoë", "Müller"));
    assert!(place("Zoe", "Muller-Lukasz") < place("Zoë", "Łukasz-Müller"));
}

#[test]
fn relations_of_two_names() {
    for (ours, theirs, expected) in [
        (
            ("Zoë", "Müller"),
            ("ZOE\u{308}", "mu\u{308}ller"),
            Some(SAME),
        ),
        (
            ("Jan", "van  der Meer"),
            ("Jan", "van der Meer"),
            Some(SAME),
        ),
        (("Dmitri", "Petrov"), ("Petrov", "Dmitri"), Some(SWAPPED)),
        (("Jürgen", "Weiß"), ("Juergen", "Weiss"), Some(DIACRITICS)),
        // The host lacks the accents.
        (("Jurgen", "Muller"), ("Jürgen", "Müller"), Some(DIACRITICS)),
        (("Liam", "O'Connor"), ("Liam", "OConnor"), Some(SPELLING)),
        (("Jan", "Meer"), ("Jan", "van der Meer"), Some(SPELLING)),
        (
            ("Maria", "Gonzalez"),
            ("Maria", "Gonzalez Ferreira"),
            Some(PART),
        ),
        (("Anne-Marie", "Dubois"), ("Anne", "Dubois"), Some(PART)),
        (("John", "Smith Jr."), ("John", "Smith"), Some(PART)),
        (
            ("Muller", "Zoe"),
            ("Zoë", "Müller"),
            Some(SWAPPED | DIACRITICS),
        ),
        // Two names with a common part are two names.
        (("Maria", "Garcia Lopez"), ("Maria", "Garcia Perez"), None),
        (("Anna Maria", "Smith"), ("Anna Louise", "Smith"), None),
        (("Olivia", "Hartwell"), ("Noah", "Hartwell"), None),
        (("John", "Smith"), ("John", "Smithson"), None),
        (("", "Smith"), ("John", "Smith"), None),
    ] {
        assert_eq!(relation(ours, theirs), expected, "{ours:?} {theirs:?}");
        assert_eq!(relation(theirs, ours), expected, "{theirs:?} {ours:?}");
    }
}

#[test]
fn a_common_first_or_last_name() {
    assert!(has_something_in_common(
        ("Anna", "Weiß"),
        ("anna", "Schmidt")
    ));
    assert!(has_something_in_common(("Jon", "Weiß"), ("John", "Weiss")));
    assert!(!has_something_in_common(
        ("Anna", "Weiß"),
        ("John", "Smith")
    ));
    assert!(!has_something_in_common(("", "Weiß"), ("", "Smith")));
}
