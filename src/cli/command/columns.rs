use std::io::{self, IsTerminal as _};

use terminal_size::{Width, terminal_size_of};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::cli::terminal::shown;

/// Between two columns.
const GAP: usize = 2;

/// A column is not made narrower than this.
const LEAST: usize = 8;

/// Who reads rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// A program, which gets tabs between the columns, every column, and nothing cut.
    Program,
    /// A person at a terminal of so many columns, who gets aligned columns, and a row on one line.
    Person(usize),
}

impl Reader {
    /// Who reads standard output.
    pub(super) fn of_output() -> Self {
        let output = io::stdout();
        if !output.is_terminal() {
            return Self::Program;
        }
        let width = terminal_size_of(&output).map(|(Width(width), _)| usize::from(width));
        Self::Person(width.filter(|width| *width > 0).unwrap_or(usize::MAX))
    }

    pub(super) fn is_person(self) -> bool {
        matches!(self, Self::Person(_))
    }
}

/// Rows as text.
pub(super) fn columns(rows: &[Vec<String>], reader: Reader) -> String {
    let cell = |text: &String| shown(&text.replace(['\n', '\t'], " "));
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(cell).collect()).collect();
    let Reader::Person(most) = reader else {
        return rows.iter().map(|row| row.join("\t") + "\n").collect();
    };
    let width = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|text| text.width()).max();
    let widths = fitted((0..).map_while(width).collect(), most);
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).filter(|(_, width)| **width > 0).map(|(text, width)| {
            let text = cut(text, *width);
            let pad = width.saturating_sub(text.width()) + GAP;
            text + &" ".repeat(pad)
        });
        cut(cells.collect::<String>().trim_end(), most) + "\n"
    };
    rows.iter().map(line).collect()
}

/// The widths of columns that fit beside each other: the widest ones are made narrower, and the first, which has the
/// names, never. A column in which there is nothing takes no room.
fn fitted(mut widths: Vec<usize>, most: usize) -> Vec<usize> {
    let Some((names, others)) = widths.split_first_mut() else { return widths };
    let gaps = GAP * others.iter().filter(|width| **width > 0).count();
    let room = most.saturating_sub(*names + gaps);
    let needed = |cap: usize| others.iter().map(|width| *width.min(&cap)).sum::<usize>();
    let widest = others.iter().copied().max().unwrap_or_default();
    let cap = (LEAST..=widest).rev().find(|cap| needed(*cap) <= room).unwrap_or(LEAST);
    others.iter_mut().for_each(|width| *width = (*width).min(cap));
    widths
}

/// A text of at most so many columns, with `…` in the place of what is cut.
fn cut(text: &str, most: usize) -> String {
    if text.width() <= most {
        return text.to_owned();
    }
    let mut left = most.saturating_sub(1);
    let fits = |c: &char| {
        let width = c.width().unwrap_or_default();
        let fits = width <= left;
        left = left.saturating_sub(width);
        fits
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_gets_columns_and_a_program_tabs() {
        let rows = [["v1.10.0", "", "a"], ["v1", "", "b\tc\u{1b}[31m"]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(columns(&rows, Reader::Person(80)), "v1.10.0  a\nv1       b c\u{FFFD}[31m\n");
        assert_eq!(columns(&rows, Reader::Program), "v1.10.0\t\ta\nv1\t\tb c\u{FFFD}[31m\n");
    }

    #[test]
    fn a_row_is_one_line_of_the_terminal() {
        let rows = [["v1.10.0", "mona", "Move everything to another host"], ["v1", "a longer name", "設定を変更する"]]
            .map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(
            columns(&rows, Reader::Person(40)),
            "v1.10.0  mona           Move everything…\nv1       a longer name  設定を変更する\n"
        );
        assert_eq!(
            columns(&rows, Reader::Person(31)),
            "v1.10.0  mona        Move ever…\nv1       a longer …  設定を変…\n"
        );
        for width in 1..60 {
            let printed = columns(&rows, Reader::Person(width));
            assert!(printed.lines().all(|line| line.width() <= width), "{width}: {printed}");
            assert_eq!(printed.lines().count(), 2, "{width}: {printed}");
        }
        assert!(columns(&rows, Reader::Program).contains("Move everything to another host"));
    }
}
