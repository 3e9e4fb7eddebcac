<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>CatalogueScreen</name>
    <message numerus="yes">
        <source>%n service(s)</source>
        <translation>
            <numerusform>%n service</numerusform>
            <numerusform>%n services</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>JournalScreen</name>
    <message numerus="yes">
        <source>{0} of {1} session(s) · {2} ms</source>
        <translation>
            <numerusform>{0} of {1} session · {2} ms</numerusform>
            <numerusform>{0} of {1} sessions · {2} ms</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Samples</name>
    <message numerus="yes">
        <source>%n sample session(s) added</source>
        <translation>
            <numerusform>%n sample session added</numerusform>
            <numerusform>%n sample sessions added</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TimelinePane</name>
    <message numerus="yes">
        <source>Show %n earlier event(s)</source>
        <translation>
            <numerusform>Show %n earlier event</numerusform>
            <numerusform>Show %n earlier events</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TodayScreen</name>
    <message numerus="yes">
        <source>%n message(s) to look at</source>
        <translation>
            <numerusform>%n message to look at</numerusform>
            <numerusform>%n messages to look at</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more in the Journal</source>
        <translation>
            <numerusform>%n more in the Journal</numerusform>
            <numerusform>%n more in the Journal</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PromiseCard</name>
    <message numerus="yes">
        <source>%n more promise(s) behind these</source>
        <translation><numerusform>%n more promise behind these</numerusform><numerusform>%n more promises behind these</numerusform></translation>
    </message>
</context>
</TS>
