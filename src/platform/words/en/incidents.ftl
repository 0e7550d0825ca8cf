# Words of incidents: when things happened, and what is major.

## When things happened

instants = When it happened
instants-say = Say when it happened
instants-what-for = Say what is known, and how it is known. All of it is optional.
instants-reported = Reported { $time }.
instants-clear = An empty time clears it.
instants-odd-order = It was in this order
instants-confirm-order = Correct a time, or confirm that it was in this order.
instant-time = Time
instant-source = Known from
instant-note = Note
instant-hint-impact-began = when it began to hurt somebody
instant-hint-detected = when somebody or something noticed
instant-hint-acknowledged = when the first person had it; written by itself
instant-hint-mitigated = when it hurt nobody any more
instant-source-person = A person said so
instant-source-monitoring = Monitoring
instant-source-log = A log or tool
instant-source-estimate = Estimated
instant-source-first-assignment = First assignment
instant-without-time = Give the time, or clear the rest too.
instant-source-needed = Say where this is known from.
instant-source-own = Only the first assignment itself has this source. Say where this time is known from.
instant-detected-before-impact = This is before the impact began.
instant-mitigated-before-detected = This is before it was detected.
instant-mitigated-before-impact = This is before the impact began.

## Major incidents

major = Major
major-incident = Major incident
major-declare = Declare a major incident
major-declare-button = Declare it major
major-what-for = A major incident stands above the priority matrix: everybody sees who leads it and when the next word comes.
major-plan = Lead and next update
major-since = Declared
major-next-update-hint = By when people will hear again, even if nothing is new.
major-withdraw = Not major?
major-withdraw-button = It is not major
major-overdue-minutes = { $count ->
    [one] overdue by { $count } minute
   *[other] overdue by { $count } minutes
}
major-overdue-hours = { $count ->
    [one] overdue by { $count } hour
   *[other] overdue by { $count } hours
}
major-overdue-days = { $count ->
    [one] overdue by { $count } day
   *[other] overdue by { $count } days
}
major-declared = This is a major incident now.
major-withdrawn = This is not a major incident any more.
major-already = { $number } is a major incident already, led by { $name }.
major-is-none = { $number } is not a major incident.
major-lead-cannot-work = This person does not work on records and cannot lead.
major-next-update-past = Promise the next word for a time to come.
filter-major = Major incidents
major-only = Only major

## Fields and facts

field-impact-began-at = Impact began
field-impact-began-source = Impact began, known from
field-impact-began-note = Impact began, note
field-detected-at = Detected
field-detected-source = Detected, known from
field-detected-note = Detected, note
field-acknowledged-at = Acknowledged
field-acknowledged-source = Acknowledged, known from
field-acknowledged-note = Acknowledged, note
field-mitigated-at = Mitigated
field-mitigated-source = Mitigated, known from
field-mitigated-note = Mitigated, note
field-major = Major incident
field-major-reason = Why it is major
field-major-lead = Lead
field-major-next-update-at = Next update
field-major-withdrawn-because = Why it is not major
fact-instants-set = Said when it happened
fact-acknowledged = Acknowledged
fact-major-declared = Declared a major incident
fact-major-planned = Lead or next update changed
fact-major-withdrawn = No longer a major incident
