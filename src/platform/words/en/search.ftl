# Words of the search page.

search-for = “{ $words }”
search-records = { $count ->
    [0] no record
    [one] { $count } record
   *[other] { $count } records
}
search-order = Order of results
search-newest = Newest first
search-best = Best match
search-in-note = Note
search-no-word = Type a word or a number; there is none in this.
search-too-many-words = At most { $max } words; this has { $got }.
search-too-many = There is too much of this to look at all of it. Here is what was found so far: add a word, or go on.
search-ranked-newest = There is too much of this to rank all of it. These are the best of the newest 2,000: add a word to see others.
search-nothing = Nothing found
search-nothing-text = No title, description, reply, note or task that you may read has these words. Try fewer words, or the beginning of one.
search-hint-words = All words must be found, in any order. Accents and capitals do not matter.
search-hint-last = The last word may be unfinished from its third letter on.
search-hint-phrase = Words in “quotes” must stand side by side.
search-hint-number = A number such as INC-1042 leads to its record.
