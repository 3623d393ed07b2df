"""Countries and territories of ISO 3166-1 by alpha-2 code, with their English names and the regions we count them in.

Arab States are the members of the Arab League; all others follow the regions of the United Nations (M49).
"""

_BY_REGION = {
    "Africa": """
        AO Angola; BF Burkina Faso; BI Burundi; BJ Benin; BW Botswana; CD Congo (Democratic Republic); CF
        Central African Republic; CG Congo; CI Côte d’Ivoire; CM Cameroon; CV Cabo Verde; EH Western Sahara; ER
        Eritrea; ET Ethiopia; GA Gabon; GH Ghana; GM Gambia; GN Guinea; GQ Equatorial Guinea; GW Guinea-Bissau;
        IO British Indian Ocean Territory; KE Kenya; LR Liberia; LS Lesotho; MG Madagascar; ML Mali; MU
        Mauritius; MW Malawi; MZ Mozambique; NA Namibia; NE Niger; NG Nigeria; RE Réunion; RW Rwanda; SC
        Seychelles; SH Saint Helena, Ascension and Tristan da Cunha; SL Sierra Leone; SN Senegal; SS South
        Sudan; ST São Tomé and Príncipe; SZ Eswatini; TD Chad; TF French Southern Territories; TG Togo; TZ
        Tanzania; UG Uganda; YT Mayotte; ZA South Africa; ZM Zambia; ZW Zimbabwe
    """,
    "Americas": """
        AG Antigua and Barbuda; AI Anguilla; AR Argentina; AW Aruba; BB Barbados; BL Saint Barthélemy; BM
        Bermuda; BO Bolivia; BQ Caribbean Netherlands; BR Brazil; BS Bahamas; BV Bouvet Island; BZ Belize; CA
        Canada; CL Chile; CO Colombia; CR Costa Rica; CU Cuba; CW Curaçao; DM Dominica; DO Dominican Republic;
        EC Ecuador; FK Falkland Islands (Malvinas); GD Grenada; GF French Guiana; GL Greenland; GP Guadeloupe;
        GS South Georgia and the South Sandwich Islands; GT Guatemala; GY Guyana; HN Honduras; HT Haiti; JM
        Jamaica; KN Saint Kitts and Nevis; KY Cayman Islands; LC Saint Lucia; MF Saint Martin (French part); MQ
        Martinique; MS Montserrat; MX Mexico; NI Nicaragua; PA Panama; PE Peru; PM Saint Pierre and Miquelon; PR
        Puerto Rico; PY Paraguay; SR Suriname; SV El Salvador; SX Sint Maarten (Dutch part); TC Turks and Caicos
        Islands; TT Trinidad and Tobago; US United States of America; UY Uruguay; VC Saint Vincent and the
        Grenadines; VE Venezuela; VG British Virgin Islands; VI United States Virgin Islands
    """,
    "Arab States": """
        AE United Arab Emirates; BH Bahrain; DJ Djibouti; DZ Algeria; EG Egypt; IQ Iraq; JO Jordan; KM Comoros;
        KW Kuwait; LB Lebanon; LY Libya; MA Morocco; MR Mauritania; OM Oman; PS Palestine; QA Qatar; SA Saudi
        Arabia; SD Sudan; SO Somalia; SY Syria; TN Tunisia; YE Yemen
    """,
    "Asia": """
        AF Afghanistan; AM Armenia; AZ Azerbaijan; BD Bangladesh; BN Brunei; BT Bhutan; CN China; CY Cyprus; GE
        Georgia; HK Hong Kong; ID Indonesia; IL Israel; IN India; IR Iran; JP Japan; KG Kyrgyzstan; KH Cambodia;
        KP Korea (Democratic People’s Republic); KR Korea (Republic); KZ Kazakhstan; LA Laos; LK Sri Lanka; MM
        Myanmar; MN Mongolia; MO Macao; MV Maldives; MY Malaysia; NP Nepal; PH Philippines; PK Pakistan; SG
        Singapore; TH Thailand; TJ Tajikistan; TL Timor-Leste; TM Turkmenistan; TR Türkiye; TW Taiwan; UZ
        Uzbekistan; VN Viet Nam
    """,
    "Europe": """
        AD Andorra; AL Albania; AT Austria; AX Åland Islands; BA Bosnia and Herzegovina; BE Belgium; BG
        Bulgaria; BY Belarus; CH Switzerland; CZ Czechia; DE Germany; DK Denmark; EE Estonia; ES Spain; FI
        Finland; FO Faroe Islands; FR France; GB United Kingdom; GG Guernsey; GI Gibraltar; GR Greece; HR
        Croatia; HU Hungary; IE Ireland; IM Isle of Man; IS Iceland; IT Italy; JE Jersey; LI Liechtenstein; LT
        Lithuania; LU Luxembourg; LV Latvia; MC Monaco; MD Moldova; ME Montenegro; MK North Macedonia; MT Malta;
        NL Netherlands; NO Norway; PL Poland; PT Portugal; RO Romania; RS Serbia; RU Russian Federation; SE
        Sweden; SI Slovenia; SJ Svalbard and Jan Mayen; SK Slovakia; SM San Marino; UA Ukraine; VA Holy See
    """,
    "Oceania": """
        AS American Samoa; AU Australia; CC Cocos (Keeling) Islands; CK Cook Islands; CX Christmas Island; FJ
        Fiji; FM Micronesia; GU Guam; HM Heard Island and McDonald Islands; KI Kiribati; MH Marshall Islands; MP
        Northern Mariana Islands; NC New Caledonia; NF Norfolk Island; NR Nauru; NU Niue; NZ New Zealand; PF
        French Polynesia; PG Papua New Guinea; PN Pitcairn; PW Palau; SB Solomon Islands; TK Tokelau; TO Tonga;
        TV Tuvalu; UM United States Minor Outlying Islands; VU Vanuatu; WF Wallis and Futuna; WS Samoa
    """,
    "Global": "AQ Antarctica",
}

_LISTED = [
    (*" ".join(item.split()).split(" ", 1), region) for region, items in _BY_REGION.items() for item in items.split(";")
]

COUNTRIES: dict[str, str] = {code: name for code, name, _region in sorted(_LISTED, key=lambda listed: listed[1])}
REGION_OF: dict[str, str] = {code: region for code, _name, region in _LISTED}
