"""The words of every problem: code → (severity, lazy text). Codes are stable; words may be bettered."""

from flask_babel import lazy_gettext as _l

ERROR, WARNING = "error", "warning"

TEXTS = {
    # keys
    "no_key": (ERROR, _l("No answer found. Write “答案：B” in line %(at)s, or click the right option.")),
    "no_key_true_false": (ERROR, _l("No answer found. Write “答案：对” or “答案：错” in line %(at)s, or click one.")),
    "no_key_fill_blank": (
        ERROR,
        _l("No answer found. Write “答案：” and the answers in line %(at)s, with “；” between blanks (%(blanks)s here)."),
    ),
    "bad_key": (ERROR, _l("The answer “%(text)s” cannot be read. Write letters such as “答案：AC”, or “对” or “错”.")),
    "key_conflict": (ERROR, _l("Two answers are given: %(one)s and %(other)s. Keep the right one.")),
    "key_twice": (
        WARNING,
        _l("A second answer line “%(text)s” stands here. If it belongs to another question, its stem is missing."),
    ),
    "several_keys_in_stem": (
        ERROR,
        _l(
            "Several brackets in the stem hold letters (%(keys)s). Leave the brackets empty and write “答案：” on a "
            "line of its own."
        ),
    ),
    "key_not_in_options": (
        ERROR,
        _l("The answer is %(key)s, but the options are %(labels)s. Correct the answer or add the option."),
    ),
    "kind_key_conflict": (
        ERROR,
        _l("Marked as %(kind)s, but the answer has %(count)s options: %(key)s. Change the kind or the answer."),
    ),
    "single_key_in_multiple": (
        WARNING,
        _l("Marked as multiple choice, but the answer is only %(key)s. Check whether options are missing from it."),
    ),
    "key_repeated": (WARNING, _l("The answer names an option twice: %(key)s. It was counted once.")),
    "lowercase_key": (WARNING, _l("The answer was written small and read as %(key)s.")),
    "key_by_text": (WARNING, _l("The answer gives words of options and was read as %(key)s.")),
    "key_from_format": (
        WARNING,
        _l("No written answer; the coloured or underlined options %(key)s were taken as the answer. Check it."),
    ),
    "key_glued": (WARNING, _l("The letters %(key)s at the end of the stem were taken as the answer. Check it.")),
    "key_in_explanation": (
        WARNING,
        _l("No written answer; the explanation ends with %(key)s, which was taken as the answer. Check it."),
    ),
    "key_after_stem": (WARNING, _l("The letters %(key)s after the stem were taken as the answer. Check it.")),
    "true_false_letter": (
        ERROR,
        _l("The answer is the letter %(key)s, and it is not said what it stands for. Write “对” or “错”."),
    ),
    # kinds
    "kind_options_conflict": (
        ERROR,
        _l("Marked as %(kind)s, but there are options %(labels)s. Change the kind or take the options out."),
    ),
    "unknown_kind": (
        ERROR,
        _l(
            "It cannot be seen which kind of question this is: there are no options, no blank with an answer, no "
            "true or false. Complete it, or move it out of the text."
        ),
    ),
    "kind_tags_differ": (ERROR, _l("The stem is marked with several kinds: %(tags)s. Keep the right one.")),
    "unknown_kind_word": (WARNING, _l("The kind “%(text)s” is not known and was passed over.")),
    "unsupported_kind": (
        ERROR,
        _l(
            "This kind of question (short answer, essay, case and the like) cannot be imported yet. Keep it for "
            "later or rewrite it as a question of another kind."
        ),
    ),
    "unsupported_section": (WARNING, _l("Nothing under “%(title)s” was read: this kind cannot be imported yet.")),
    "true_false_options": (ERROR, _l("A true or false question has no options. Take them out.")),
    "fill_blank_options": (ERROR, _l("A fill-in question has no options. Take them out.")),
    # options
    "missing_options": (ERROR, _l("There are no options, only an answer. Write the options (A. … B. …) from line %(at)s on.")),
    "options_without_letters": (
        ERROR,
        _l("The answer repeats a line of the stem: these seem to be options without letters. Write A. B. C. before them."),
    ),
    "missing_option": (ERROR, _l("Option %(label)s is missing; see line %(line)s.")),
    "single_option": (ERROR, _l("There is only option %(label)s. Write at least two options.")),
    "duplicate_label": (ERROR, _l("There are two options %(label)s. Correct the letter of one of them in line %(line)s.")),
    "options_twice": (
        ERROR,
        _l("A second list of options begins here. If it belongs to another question, write its stem before it."),
    ),
    "options_in_explanation": (
        WARNING,
        _l("A list of options stands in the explanation. If it belongs to another question, write its stem before it."),
    ),
    "too_many_options": (ERROR, _l("There are %(count)s options; 26 is the most.")),
    "empty_option": (ERROR, _l("Option %(label)s has no text. Write it, or take the option out.")),
    "same_option_text": (WARNING, _l("Options %(first)s and %(label)s have the same text. Check them.")),
    "options_out_of_order": (WARNING, _l("The options stand in the order %(labels)s and were sorted.")),
    "numbered_options": (
        WARNING,
        _l(
            "The options have numbers, not letters; they were lettered A, B, C and so on, and the answer read as %(key)s. Check it."
        ),
    ),
    "unlabelled_option": (WARNING, _l("This line has no letter and was read as option %(label)s. Check it.")),
    "label_without_separator": (WARNING, _l("The letter %(label)s has no stop after it and was read as an option.")),
    "lowercase_label": (WARNING, _l("The letter was written small and read as option %(label)s.")),
    "continued_option": (WARNING, _l("This line was added to option %(label)s. If it is something else, move it.")),
    # stems and numbers
    "empty_stem": (ERROR, _l("There is no stem. Write it in line %(line)s.")),
    "glued_stem": (
        WARNING,
        _l("The stem of question %(number)s hung on the end of the line before and was split off. Check both."),
    ),
    "number_gap": (WARNING, _l("The number goes from %(before)s to %(number)s. Check that nothing is missing in between.")),
    "number_misread": (WARNING, _l("The number is written with letters and was read as %(number)s.")),
    "number_in_text": (
        WARNING,
        _l(
            "This line begins with %(number)s, the number that is due, but was read as text. If it is a question, "
            "write a space after the number."
        ),
    ),
    "number_without_separator": (
        WARNING,
        _l("There is no stop after the number %(number)s. Check that it is a question number."),
    ),
    "number_only_here": (WARNING, _l("Only few questions have a number; %(number)s was taken off this one. Check it.")),
    "kind_from_answer": (
        WARNING,
        _l("It stands under “%(title)s”, but its answer is right or wrong; it was read as true or false. Check it."),
    ),
    "label_in_option": (
        WARNING,
        _l("Option %(label)s has a letter of its own in its text (“%(text)s”); it was taken off. Check it."),
    ),
    "unnumbered_question": (WARNING, _l("This question has no number. Check that it begins here.")),
    "unclear_boundary": (WARNING, _l("It is not clear where the explanation before ends and this question begins. Check both.")),
    # blanks
    "no_blank": (ERROR, _l("There is no blank in the stem. Mark it with “____”.")),
    "blank_count_mismatch": (
        ERROR,
        _l(
            "The stem has %(blanks)s blanks, but %(answers)s answers are given. Write one answer for each, with "
            "“；” between them."
        ),
    ),
    "empty_answer": (ERROR, _l("Blank %(blank)s has no answer. Write it.")),
    "answers_split": (WARNING, _l("The answers were parted like this: %(answers)s. Check it, or write “；” between blanks.")),
    "answers_in_underscores": (WARNING, _l("The words between underscores were taken as the answers: %(answers)s. Check them.")),
    "answers_behind": (WARNING, _l("The bracket behind the stem was taken as the answers: %(answers)s. Check it.")),
    "answers_underlined": (
        WARNING,
        _l("No written answer; the underlined words were taken as the answers: %(answers)s. Check them."),
    ),
    "unusual_blanks": (
        WARNING,
        _l("%(count)s dashes, rows of dots or gaps were taken as blanks. Check them, or draw blanks as “____”."),
    ),
    "brackets_left": (WARNING, _l("These brackets were left as text, not taken as blanks: %(texts)s. Check it.")),
    "answer_bracket": (
        WARNING,
        _l(
            "The answer “%(text)s” has a bracket, which an examinee would have to write as well. If it lists other "
            "spellings, write them with “/” between them."
        ),
    ),
    # other fields
    "unlabelled_explanation": (
        WARNING,
        _l("“%(text)s” stands after the answer and was taken as the explanation. Write “解析：” before it."),
    ),
    "bad_difficulty": (WARNING, _l("The difficulty “%(text)s” is not understood. Write 易, 中 or 难, 1 to 5, or 0 to 1.")),
    "too_long": (ERROR, _l("The stem has %(count)s characters; %(limit)s is the most. Shorten it.")),
    "explanation_too_long": (ERROR, _l("The explanation has %(count)s characters; %(limit)s is the most. Shorten it.")),
    "option_too_long": (ERROR, _l("Option %(label)s has %(count)s characters; %(limit)s is the most. Shorten it.")),
    "answer_too_long": (ERROR, _l("The answer to blank %(blank)s has %(count)s characters; %(limit)s is the most. Shorten it.")),
    # the same question twice
    "duplicate_in_file": (WARNING, _l("The same as the question in line %(first)s (number %(number)s). Keep one of them.")),
    "duplicate_other_key": (
        WARNING,
        _l("The same as the question in line %(first)s (number %(number)s), but with another answer. Check which is right."),
    ),
    "too_many_questions": (
        ERROR,
        _l("%(limit)s questions can be imported at once; there are %(count)s. Import the rest in a second file."),
    ),
    # lines that belong to no question
    "stray_text": (WARNING, _l("“%(text)s” belongs to no question and was passed over. Move it, or take it out.")),
    "label_without_question": (
        ERROR,
        _l("An answer stands here without a question before it: “%(text)s”. Move it to its question."),
    ),
    "line_too_long": (
        ERROR,
        _l("This line has more than %(limit)s characters and was not read. Begin a new line for each question."),
    ),
    "too_many_on_line": (
        ERROR,
        _l("Too many questions stand on this line; from number %(number)s on they were not divided. Begin a new line for each."),
    ),
    "too_much_text": (ERROR, _l("The text from here on was not read: it holds more than %(limit)s questions. Divide the file.")),
    "control_characters": (WARNING, _l("Hidden control characters were taken out of this line. Check its text.")),
    "correction_without_question": (
        WARNING,
        _l("A correction was made for line %(line)s, but no question begins there any more. Make it again."),
    ),
    "heading_count": (WARNING, _l("The heading says %(promised)s questions; %(count)s were found. Check that none is missing.")),
    # key tables
    "key_table_span": (
        ERROR,
        _l("“%(low)s-%(high)s” needs %(count)s answers, but “%(text)s” does not give that many. Correct the answer table."),
    ),
    "key_table_unmatched": (
        ERROR,
        _l("The answer table gives %(key)s for question %(number)s, but there is no such question. Check the numbers."),
    ),
    "key_table_ambiguous": (
        ERROR,
        _l(
            "It is not clear which questions this answer table is for. Write the heading of the section (such as "
            "一、单选题) before its answers."
        ),
    ),
    "key_table_in_order": (WARNING, _l("The answers have no numbers and were given to %(count)s questions in turn. Check them.")),
    "key_table_empty": (ERROR, _l("No answers were found under this heading. Write them as “1-5 ABCDD” or “1.A 2.B”.")),
    # files and tables
    "on_sheet": (WARNING, _l("Sheet %(sheet)s: %(message)s")),
    "encoding_guessed": (
        WARNING,
        _l("The file was read as %(encoding)s. If characters look wrong, save it as UTF-8 and try again."),
    ),
    "picture_left_out": (WARNING, _l("A picture stands here and was left out. Add it by hand after the import.")),
    "formula_left_out": (WARNING, _l("A formula stands here; only its plain text was read. Check it.")),
    "no_columns": (
        ERROR,
        _l("No columns of questions were recognised in this table. Say which column holds the stem and which the answer."),
    ),
    "columns_passed_over": (
        WARNING,
        _l(
            "These columns were not used: %(names)s. If one of them belongs to the questions, say by hand what each column holds."
        ),
    ),
    "sheet_skipped": (WARNING, _l("This sheet holds no questions and was passed over.")),
    "no_questions": (
        ERROR,
        _l("No question was recognised. Line 1 reads “%(text)s”. See the examples of how to write questions."),
    ),
    "cell_number": (WARNING, _l("“%(text)s” came from a number or date cell. Check that it is what was meant.")),
    # scoring
    "unknown_rule": (ERROR, _l("There is no scoring rule “%(rule)s”.")),
    "rule_above_full": (
        ERROR,
        _l("%(points)s points for each of %(count)s right options is more than the %(full)s points of the question. Lower it."),
    ),
    # responses
    "response_not_a_list": (ERROR, _l("The response is not a list of texts.")),
    "no_such_option": (ERROR, _l("There is no option %(letter)s.")),
    "option_twice": (ERROR, _l("An option was chosen twice.")),
    "more_than_one": (ERROR, _l("Only one option can be chosen.")),
    "too_many_blanks": (ERROR, _l("%(count)s answers were sent for %(blanks)s blanks.")),
}
