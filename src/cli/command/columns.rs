use crate::cli::terminal::shown;

/// Rows as text. For a person the columns are aligned; a program gets tabs between them, and none is left out.
pub(super) fn columns(rows: &[Vec<String>], for_person: bool) -> String {
    let cell = |text: &String| shown(&text.replace(['\n', '\t'], " "));
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(cell).collect()).collect();
    let width = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|text| text.chars().count()).max();
    let widths: Vec<_> = (0..).map_while(width).collect();
    let line = |row: &Vec<String>| {
        if !for_person {
            return format!("{}\n", row.join("\t"));
        }
        // A column in which there is nothing takes no room.
        let cells = row.iter().zip(&widths).filter(|(_, width)| **width > 0);
        let line = cells.map(|(text, width)| format!("{text:width$}  ")).collect::<String>();
        format!("{}\n", line.trim_end())
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_gets_columns_and_a_program_tabs() {
        let rows = [["v1.10.0", "", "a"], ["v1", "", "b\tc\u{1b}[31m"]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(columns(&rows, true), "v1.10.0  a\nv1       b c\u{FFFD}[31m\n");
        assert_eq!(columns(&rows, false), "v1.10.0\t\ta\nv1\t\tb c\u{FFFD}[31m\n");
    }
}
