# ruff: noqa - tables, one row a line
# mypy: ignore-errors
# fmt: off
"""Hand-made tables and what the old program makes of them: each value is worked out on
paper, rule by rule.

Every case goes the whole way: a definition in a file, the closed process, the planner,
DuckDB.
"""

import pytest

from measures.cohortextractor import evaluate

CASES = {}


def P(*ids):
    return [dict(patient_id=each, date_of_birth="1950-06-01", sex="female") for each in ids]


def ev(pid, date, code="413606001", value=None, ctv3=None):
    return dict(patient_id=pid, date=date, snomedct_code=code, ctv3_code=ctv3, numeric_value=value)


def show(name, columns, records, expected, *, extra="", index='"2020-03-02"'):
    CASES[name] = columns, records, expected, extra, index


BP='bp=codelist(["413606001","163035008"],system="snomed")\n'
# registration edge
reg=lambda pid,s,e,ps=1,stp="E1",reg="London",live="2000-01-01": dict(patient_id=pid,start_date=s,end_date=e,practice_pseudo_id=ps,practice_stp=stp,practice_nuts1_region_name=reg,practice_systmone_go_live_date=live)
show("registered", '''
 a=patients.registered_as_of("2020-03-02"),
 b=patients.registered_with_one_practice_between("2020-01-01","2020-03-02"),
 c=patients.with_complete_gp_consultation_history_between("2020-01-01","2020-03-02"),
 stp=patients.registered_practice_as_of("2020-03-02",returning="stp_code"),
 pid=patients.registered_practice_as_of("2020-03-02",returning="pseudo_id"),
 d=patients.date_deregistered_from_all_supported_practices(date_format="YYYY-MM-DD"),
 d2=patients.date_deregistered_from_all_supported_practices(on_or_after="2020-03-03",date_format="YYYY-MM"),
''', {"patients":P(1,2,3,4,5,6),"practice_registrations":[reg(1,"2020-01-01","2020-03-02"),reg(2,"2020-01-01","2020-03-03"),reg(3,"2020-01-02",None,live=None),
   reg(4,"2019-01-01",None,5,"A"),reg(4,"2019-01-01","2021-01-01",6,"B"), reg(5,"2019-01-01","2020-01-01"),reg(5,"2020-01-01","2020-05-05",live="2020-01-02")]},
 [dict(patient_id=1,a=0,b=0,c=0,stp="",pid=0,d="2020-03-02",d2=""),
  dict(patient_id=2,a=1,b=1,c=1,stp="E1",pid=1,d="2020-03-03",d2="2020-03"),
  dict(patient_id=3,a=1,b=0,c=0,stp="E1",pid=1,d="",d2=""),
  dict(patient_id=4,a=1,b=1,c=1,stp="A",pid=5,d="",d2=""),
  dict(patient_id=5,a=1,b=1,c=0,stp="E1",pid=1,d="2020-05-05",d2="2020-05"),
  dict(patient_id=6,a=0,b=0,c=0,stp="",pid=0,d="",d2="")])
ad=lambda pid,s,e,id,pc=True,imd=None,ru=None,ms=None,ch=None,rn=None,dn=None: dict(patient_id=pid,address_id=id,start_date=s,end_date=e,has_postcode=pc,imd_rounded=imd,rural_urban_classification=ru,msoa_code=ms,care_home_is_potential_match=ch,care_home_requires_nursing=rn,care_home_does_not_require_nursing=dn)
show("address", '''
 imd=patients.address_as_of("2020-03-02",returning="index_of_multiple_deprivation",round_to_nearest=100),
 ru=patients.address_as_of("2020-03-02",returning="rural_urban_classification"),
 ms=patients.address_as_of("2020-03-02",returning="msoa"),
 ch=patients.care_home_status_as_of("2020-03-02",categorised_as={"PN":"IsPotentialCareHome AND LocationRequiresNursing='Y'","PS":"IsPotentialCareHome","U":"DEFAULT"}),
 has=patients.satisfying("imd"), zero=patients.satisfying("imd=0"), q=patients.categorised_as({"1":"imd >= 0 AND imd < 32844*1/5","5":"imd >= 32844*4/5","0":"DEFAULT"}),
''', {"patients":P(1,2,3,4,5,6,7),"addresses":[
  ad(1,"2019-01-01",None,1,imd=0,ru=1,ms="E02000001",ch=True,rn=True,dn=False),
  ad(2,"2019-01-01","2020-03-02",1,imd=100,ru=2,ms="E02000001"),
  ad(3,"2019-01-01","2021-01-01",2,imd=100,ru=2,ms="E02000002"), ad(3,"2019-01-01",None,3,imd=200,ru=3,ms="E02000003",pc=True),
  ad(4,"2019-01-01",None,2,pc=False), ad(4,"2019-01-01",None,9,imd=32800,ru=8,ms="E02000009"),
  ad(5,"2019-01-01",None,9,imd=6500,ru=8,ms="E02000009",ch=False), ad(5,"2019-01-01",None,4,imd=6600,ru=4,ms="E02000004",ch=True,rn=False,dn=True),
  ad(6,"2019-01-01",None,2,pc=False),
 ]},
 [dict(patient_id=1,imd=0,ru=1,ms="E02000001",ch="PN",has=1,zero=1,q="1"),
  dict(patient_id=2,imd=-1,ru=0,ms="",ch="",has=0,zero=0,q="0"),
  dict(patient_id=3,imd=200,ru=3,ms="E02000003",ch="U",has=1,zero=0,q="1"),
  dict(patient_id=4,imd=32800,ru=8,ms="E02000009",ch="U",has=1,zero=0,q="5"),
  dict(patient_id=5,imd=6600,ru=4,ms="E02000004",ch="PS",has=1,zero=0,q="0"),
  dict(patient_id=6,imd=-1,ru=-1,ms="NPC",ch="U",has=0,zero=0,q="0"),
  dict(patient_id=7,imd=-1,ru=0,ms="",ch="",has=0,zero=0,q="0")])
show("ages2", '''
 d=patients.died_from_any_cause(returning="date_of_death",date_format="YYYY-MM-DD"),
 a=patients.age_as_of("index_date"), b=patients.age_as_of("1950-05-31"), c=patients.age_as_of("d"), e=patients.age_as_of("first_day_of_month(index_date) + 3 months"), s=patients.sex(),
 dob=patients.date_of_birth(), dobm=patients.date_of_birth("YYYY-MM"),
 y=patients.died_from_any_cause(returning="date_of_death"),
 m=patients.age_as_of("d - 1 year"),
''', {"patients":P(1)+[dict(patient_id=2,date_of_birth="2020-03-01",sex="intersex")],"ons_deaths":[dict(patient_id=2,date="2021-05-05")]}, 
 [dict(patient_id=1,d="",a=69,b=-1,c=0,e=70,s="F",dob="1950",dobm="1950-06",y="",m=0),dict(patient_id=2,d="2021-05-05",a=0,b=-70,c=1,e=0,s="I",dob="2020",dobm="2020-03",y="2021",m=0)])
# BMI
W,H,B="X76C7","229..","22K.."
n=lambda pid,date,c,v: ev(pid,date,None,v,c)
show("bmi",'''
 b=patients.most_recent_bmi(between=["2015-01-01","2020-01-01"],include_measurement_date=True,date_format="YYYY-MM-DD"),
 d=patients.date_of("b",date_format="YYYY-MM"),
''', {"patients":P(1,2,3,4,5,6,7)+[dict(patient_id=8,date_of_birth="2000-12-01",sex="male"),dict(patient_id=9,date_of_birth="2000-12-01",sex="male")],"clinical_events":[
  n(1,"2016-01-01",W,80.0),n(1,"2001-01-01",H,1.8),n(1,"2018-01-01",B,40.0),
  n(2,"2016-01-01",W,80.0),n(2,"2016-01-01",H,0.0),n(2,"2015-05-01",B,31.26),
  n(3,"2016-01-01",W,80.0),n(3,"2015-05-01",B,31.24),
  n(4,"2016-01-01",W,80.0),n(4,"2021-05-01",H,1.8),
  n(5,"2014-01-01",W,80.0),n(5,"2014-01-01",H,1.8),
  n(6,"2016-01-01","22A..",80.0),n(6,"2016-01-01","XM01E",1.6),n(6,"2017-01-01","X76C7",90.0),
  n(7,None,W,80.0),n(7,None,H,1.8),n(7,None,B,30.0),
  n(8,"2016-01-01",W,80.0),n(8,"2015-01-01",H,1.8),n(8,"2016-02-01",B,20.0),
  n(9,"2016-01-01",W,80.0),n(9,"2017-01-01",H,1.8),
 ]},
 [dict(patient_id=1,b=24.7,b_date_measured="2016-01",d="2016-01"),
  dict(patient_id=2,b=31.3,b_date_measured="2016-01",d="2016-01"),
  dict(patient_id=3,b=31.2,b_date_measured="2015-05",d="2015-05"),
  dict(patient_id=4,b=0.0,b_date_measured="",d=""),
  dict(patient_id=5,b=0.0,b_date_measured="",d=""),
  dict(patient_id=6,b=35.2,b_date_measured="2017-01",d="2017-01"),
  dict(patient_id=7,b=0.0,b_date_measured="",d=""),
  dict(patient_id=8,b=20.0,b_date_measured="2016-02",d="2016-02"),
  dict(patient_id=9,b=24.7,b_date_measured="2016-01",d="2016-01"),
 ])
show("bmi unbounded",'''
 b=patients.most_recent_bmi(include_measurement_date=True,date_format="YYYY-MM-DD"),
 c=patients.most_recent_bmi(on_or_after="2010-01-01",minimum_age_at_measurement=0,include_measurement_date=True),
''', {"patients":P(7),"clinical_events":[n(7,None,W,80.0),n(7,"2001-01-01",H,1.6),n(7,"2020-01-01",W,50.0)]},
 [dict(patient_id=7,b=31.2,b_date_measured="9999-12-31",c=31.2,c_date_measured="9999")])
# mean
show("mean",'''
 a=patients.mean_recorded_value(bp,on_most_recent_day_of_measurement=True,on_or_before="2020-03-01",include_measurement_date=True,date_format="YYYY-MM"),
 b=patients.mean_recorded_value(bp,on_most_recent_day_of_measurement=False,between=["2020-01-01","2020-03-01"]),
 c=patients.min_recorded_value(bp,between=["2020-01-01","2020-03-01"]),
 d=patients.max_recorded_value(bp,on_most_recent_day_of_measurement=True,on_or_after="2020-01-01"),
 e=patients.date_of("d",date_format="YYYY-MM-DD"),
''', {"patients":P(1,2),"clinical_events":[ev(1,"2020-03-01",value=120.0),ev(1,"2020-03-01",value=None),ev(1,"2020-01-01",code="163035008",value=100.0),ev(1,"2020-01-15",value=0.0),ev(1,None,value=200.0)]},
 [dict(patient_id=1,a=60.0,a_date_measured="2020-03",b=55.0,c=0.0,d=200.0,e="9999-12-31"),dict(patient_id=2,a=0.0,a_date_measured="",b=0.0,c=0.0,d=0.0,e="")], extra=BP)
# comparators
show("ranges",'''
 v=patients.with_these_clinical_events(bp,returning="numeric_value",on_or_before="2020-03-01",find_last_match_in_period=True,include_date_of_match=True,date_format="YYYY-MM-DD"),
 c=patients.comparator_from("v"),l=patients.reference_range_lower_bound_from("v"),u=patients.reference_range_upper_bound_from("v"),
''', {"patients":P(1,2),"clinical_events_ranges":[dict(patient_id=1,date="2020-03-01",snomedct_code="413606001",numeric_value=5.5,comparator=">=",lower_bound=1.0,upper_bound=None),dict(patient_id=1,date="2020-02-01",snomedct_code="413606001",numeric_value=4.5,comparator="~",lower_bound=2.0,upper_bound=3.0)],
  "clinical_events":[ev(1,"2020-03-01",value=5.5),ev(1,"2020-02-01",value=4.5)]},
 [dict(patient_id=1,v=5.5,v_date="2020-03-01",c=">=",l=1.0,u=0.0),dict(patient_id=2,v=0.0,v_date="",c="",l=0.0,u=0.0)],extra=BP)
def stay(pid,id,start,end,**k): return dict(patient_id=pid,apcs_ident=id,admission_date=start,discharge_date=end,**k)
X='s=codelist(["I63","I21"],system="icd10")\nh=codelist(["W371","W38"],system="opcs4")\n'
show("stays",'''
 a=patients.admitted_to_hospital(with_these_primary_diagnoses=s,on_or_after="2020-01-01"),
 b=patients.admitted_to_hospital(with_these_diagnoses=s,returning="number_of_matches_in_period"),
 c=patients.admitted_to_hospital(with_these_procedures=h,returning="date_admitted",date_format="YYYY-MM-DD",find_first_match_in_period=True),
 d=patients.admitted_to_hospital(returning="total_bed_days_in_period",between=["2020-01-01","2020-12-31"]),
 e=patients.admitted_to_hospital(returning="total_critical_care_days_in_period",between=["2020-01-01","2020-12-31"]),
 f=patients.admitted_to_hospital(returning="days_in_critical_care",find_first_match_in_period=True),
 g=patients.admitted_to_hospital(returning="primary_diagnosis",find_last_match_in_period=True),
 i=patients.admitted_to_hospital(returning="date_discharged",date_format="YYYY-MM-DD",find_last_match_in_period=True),
 j=patients.admitted_to_hospital(returning="date_discharged",date_format="YYYY-MM-DD",find_first_match_in_period=True),
 k=patients.admitted_to_hospital(with_admission_method=["21","2A"],with_patient_classification="1",returning="discharge_destination"),
 l=patients.admitted_to_hospital(with_at_least_one_day_in_critical_care=True),
 m=patients.admitted_to_hospital(returning="admission_method"),
''',{"patients":P(1,2,3,4),"apcs":[
  stay(1,1,"2020-02-01","2020-02-05",primary_diagnosis="I639",all_diagnoses="||I639 ,E119||J18",all_procedures="||W3710",days_in_critical_care=2,admission_method="21",patient_classification="1",discharge_destination="19"),
  stay(1,2,"2020-02-01","2020-02-03",primary_diagnosis="J18",all_diagnoses="||J18 ,I21",days_in_critical_care=3,admission_method="11"),
  stay(1,3,"2020-03-01",None,primary_diagnosis="A00",all_diagnoses="I63",all_procedures="W371"),
  stay(2,4,"2019-12-31","2020-01-02",primary_diagnosis="I63X",all_diagnoses="||XI63 ,BI21",days_in_critical_care=0,admission_method="2A",patient_classification="1",discharge_destination="54"),
  stay(3,9,"2020-02-01","2020-02-01",primary_diagnosis="A1"),stay(3,8,"2020-02-01","2020-02-02",primary_diagnosis="A2"),
]},[
 dict(patient_id=1,a=1,b=2,c="2020-02-01",d=5,e=3,f="2",g="A00",i="2020-02-05",j="2020-02-03",k="19",l=1,m=""),
 dict(patient_id=2,a=0,b=0,c="",d=0,e=0,f="0",g="I63X",i="2020-01-02",j="2020-01-02",k="54",l=0,m="2A"),
 dict(patient_id=3,a=0,b=0,c="",d=2,e=0,f="",g="A2",i="2020-02-02",j="2020-02-01",k="",l=0,m=""),
 dict(patient_id=4,a=0,b=0,c="",d=0,e=0,f="",g="",i="",j="",k="",l=0,m=""),
],extra=X)
show("deaths",'''
 a=patients.died_from_any_cause(on_or_before="2020-03-01"),b=patients.died_from_any_cause(between=["2020-03-01","2020-03-01"],returning="underlying_cause_of_death"),
 c=patients.with_these_codes_on_death_certificate(s,returning="date_of_death",date_format="YYYY-MM-DD"),
 d=patients.with_these_codes_on_death_certificate(s,match_only_underlying_cause=True),
 e=patients.died_from_any_cause(returning="place_of_death"),
 f=patients.with_death_recorded_in_primary_care(returning="date_of_death",on_or_after="2020-01-01",date_format="YYYY-MM"),
 g=patients.with_death_recorded_in_primary_care(),
''',{"patients":[dict(patient_id=1,date_of_death="2020-01-01"),dict(patient_id=2),dict(patient_id=3,date_of_death="2019-01-01"),dict(patient_id=4)],"ons_deaths":[
 dict(patient_id=1,date="2020-03-01",underlying_cause_of_death="I63",cause_of_death_01="A00",place="Home"),
 dict(patient_id=2,date="2020-03-02",underlying_cause_of_death="I639",cause_of_death_15="I21",place="Hospital"),
 dict(patient_id=3,underlying_cause_of_death="I210"),
]},[dict(patient_id=1,a=1,b="I63",c="2020-03-01",d=1,e="Home",f="2020-01",g=1),dict(patient_id=2,a=0,b="",c="2020-03-02",d=0,e="Hospital",f="",g=0),dict(patient_id=3,a=0,b="",c="",d=0,e="",f="",g=1),dict(patient_id=4,a=0,b="",c="",d=0,e="",f="",g=0)],extra=X)
show("emergency",'''
 a=patients.attended_emergency_care(with_these_diagnoses=["1240751000000100"],returning="date_arrived",date_format="YYYY-MM-DD"),
 b=patients.attended_emergency_care(discharged_to=codelist(["306706006"],system="snomed"),returning="number_of_matches_in_period"),
 c=patients.attended_emergency_care(returning="discharge_destination",find_first_match_in_period=True),
 d=patients.outpatient_appointment_date(attended=True,returning="number_of_matches_in_period",between=["2020-01-01","2020-12-31"]),
 e=patients.outpatient_appointment_date(is_first_attendance=True,returning="date",find_first_match_in_period=True),
 f=patients.outpatient_appointment_date(with_these_procedures=h,returning="consultation_medium_used"),
 g=patients.outpatient_appointment_date(with_these_treatment_function_codes="110",on_or_after="2020-02-01"),
 h=patients.outpatient_appointment_date(returning="date"),
''',{"patients":P(1,2),"emergency_care_attendances":[dict(patient_id=1,id=2,arrival_date="2020-01-01",diagnosis_24="1240751000000100",discharge_destination="306706006"),dict(patient_id=1,id=1,arrival_date="2020-01-01",discharge_destination="1066331000000109")],
"opa":[dict(patient_id=1,opa_ident=1,appointment_date="2020-02-01",attendance_status="5",first_attendance="1",treatment_function_code="110",consultation_medium_used="02"),dict(patient_id=1,opa_ident=2,appointment_date="2020-01-01",attendance_status="7",first_attendance="3",treatment_function_code="1100"),dict(patient_id=1,opa_ident=3,appointment_date="2020-03-01",attendance_status="6",first_attendance="2")],
"opa_proc":[dict(patient_id=1,opa_ident=1,primary_procedure_code="W371")]},
 [dict(patient_id=1,a="2020-01-01",b=1,c="1066331000000109",d=2,e="2020-01-01",f="02",g=1,h="2020-03-01"),dict(patient_id=2,a="",b=0,c="",d=0,e="",f="",g=0,h="")],extra=X)
show("vacc",'''
 a=patients.with_tpp_vaccination_record(target_disease_matches="SARS-2 CORONAVIRUS",product_name_matches=["P","Q"],returning="date",date_format="YYYY-MM-DD",find_first_match_in_period=True),
 b=patients.with_tpp_vaccination_record(target_disease_matches=["INFLUENZA"],on_or_after="2020-01-01"),
 c=patients.with_vaccination_record(tpp={"product_name_matches":"P"},emis={},returning="date",find_last_match_in_period=True,date_format="YYYY-MM-DD"),
 d=patients.with_healthcare_worker_flag_on_covid_vaccine_record(returning="binary_flag"),
 e=patients.with_gp_consultations(between=["2020-01-01","2020-01-31"],returning="number_of_matches_in_period"),
 f=patients.with_gp_consultations(returning="date",find_first_match_in_period=True,date_format="YYYY-MM-DD"),
 g=patients.with_ethnicity_from_sus(returning="group_6",use_most_frequent_code=True),h=patients.with_ethnicity_from_sus(returning="group_16",use_most_frequent_code=True),i=patients.with_ethnicity_from_sus(use_most_frequent_code=True),
 j=patients.household_as_of("2020-02-01",returning="household_size"),k=patients.household_as_of("2020-02-01",returning="pseudo_id"),
 fr=patients.with_these_decision_support_values("electronic_frailty_index",on_or_before="2020-12-08",find_last_match_in_period=True,returning="numeric_value"),
 fd=patients.with_these_decision_support_values("electronic_frailty_index",returning="date",date_format="YYYY-MM-DD"),
''',{"patients":P(1,2,3),"vaccinations":[dict(patient_id=1,vaccination_id=1,date="2021-01-01",target_disease="SARS-2 CORONAVIRUS",product_name="X"),dict(patient_id=1,vaccination_id=2,date="2021-02-01",target_disease="SARS-2 CORONAVIRUS",product_name="Q"),dict(patient_id=1,vaccination_id=3,date="2021-03-01",target_disease="OTHER",product_name="P"),dict(patient_id=1,vaccination_id=4,date=None,target_disease="INFLUENZA",product_name="P")],
 "occupation_on_covid_vaccine_record":[dict(patient_id=1,is_healthcare_worker=True),dict(patient_id=2,is_healthcare_worker=False)],
 "appointments":[dict(patient_id=1,seen_date="2020-01-01",status="Finished"),dict(patient_id=1,seen_date="2020-01-31",status="Visit"),dict(patient_id=1,seen_date="2020-01-02",status="Cancelled by Patient"),dict(patient_id=1,status="Arrived"),dict(patient_id=2,seen_date="2020-01-02",status="Did Not Attend")],
 "ethnicity_from_sus":[dict(patient_id=1,code="J"),dict(patient_id=2,code="S")],
 "household_memberships_2020":[dict(patient_id=1,household_pseudo_id=77,household_size=3)],
 "decision_support_values":[dict(patient_id=1,calculation_date="2020-01-01",numeric_value=0.2,algorithm_description="UK Electronic Frailty Index (eFI)",algorithm_version="1.0"),dict(patient_id=1,calculation_date="2021-01-01",numeric_value=0.4,algorithm_description="UK Electronic Frailty Index (eFI)",algorithm_version="1.0")],
},[dict(patient_id=1,a="2021-02-01",b=1,c="9999-12-31",d=1,e=2,f="2020-01-01",g="3",h="9",i="J",j=3,k=77,fr=0.2,fd="2021-01-01"),
 dict(patient_id=2,a="",b=0,c="",d=0,e=0,f="",g="5",h="16",i="S",j=0,k=0,fr=0.0,fd=""),
 dict(patient_id=3,a="",b=0,c="",d=0,e=0,f="",g="0",h="0",i="",j=0,k=0,fr=0.0,fd="")])
t=lambda pid,d,p,**k: dict(patient_id=pid,specimen_taken_date=d,is_positive=p,**k)
show("sgss",'''
 a=patients.with_test_result_in_sgss(pathogen="SARS-CoV-2",test_result="positive",returning="date",date_format="YYYY-MM-DD",on_or_after="2020-06-01"),
 b=patients.with_test_result_in_sgss(pathogen="SARS-CoV-2",test_result="positive",returning="date",date_format="YYYY-MM-DD",on_or_after="2020-06-01",find_first_match_in_period=True,restrict_to_earliest_specimen_date=False),
 c=patients.with_test_result_in_sgss(test_result="any",returning="number_of_matches_in_period",restrict_to_earliest_specimen_date=False),
 d=patients.with_test_result_in_sgss(test_result="negative"),
 e=patients.with_test_result_in_sgss(returning="date",find_first_match_in_period=True,date_format="YYYY-MM-DD"),
 f=patients.with_test_result_in_sgss(returning="date",find_last_match_in_period=True,date_format="YYYY-MM-DD"),
 g=patients.with_test_result_in_sgss(test_result="positive",returning="variant",restrict_to_earliest_specimen_date=False,find_last_match_in_period=True),
 h=patients.with_test_result_in_sgss(test_result="any",returning="symptomatic",restrict_to_earliest_specimen_date=False,find_first_match_in_period=True),
 i=patients.with_test_result_in_sgss(test_result="positive",returning="s_gene_target_failure"),
 j=patients.with_test_result_in_sgss(test_result="positive",returning="date",on_or_before="2020-04-30",date_format="YYYY-MM-DD"),
 k=patients.date_of("c",date_format="YYYY-MM-DD"),
''',{"patients":P(1,2),"sgss_covid_all_tests":[t(1,"2020-04-30",True,was_symptomatic=True,sgtf_status=1),t(1,"2020-07-01",True,variant="B.1",was_symptomatic=False),t(1,"2020-05-01",False)]},
[dict(patient_id=1,a="",b="2020-07-01",c=3,d=1,e="2020-04-30",f="2020-05-01",g="B.1",h="Y",i="1",j="2020-04-30",k="2020-07-01"),dict(patient_id=2,a="",b="",c=0,d=0,e="",f="",g="",h="",i="",j="",k="")])
show("ukrr",'''
 a=patients.with_record_in_ukrr(from_dataset="2020_prevalence",returning="binary_flag"),
 b=patients.with_record_in_ukrr(from_dataset="2020_prevalence",returning="rrt_start_date",date_format="YYYY-MM-DD"),
 c=patients.with_record_in_ukrr(from_dataset="2020_ckd",returning="latest_egfr"),
 d=patients.with_record_in_ukrr(from_dataset="2020_prevalence",returning="treatment_modality_prevalence"),
 e=patients.with_covid_therapeutics(with_these_therapeutics=["Sotrovimab"],with_these_indications="non_hospitalised",returning="date",date_format="YYYY-MM-DD",find_first_match_in_period=True,include_date_of_match=False),
 f=patients.with_covid_therapeutics(with_these_statuses=["Approved"],returning="risk_group"),
''',{"patients":P(1,2),"ukrr":[dict(patient_id=1,dataset="2020_prevalence",rrt_start_date="2019-01-01",treatment_modality_prevalence="HD"),dict(patient_id=1,dataset="2020_ckd",latest_egfr=12.5)],
 "covid_therapeutics":[dict(patient_id=1,treatment_start_date="2022-01-01",intervention="Sotrovimab",covid_indication="non_hospitalised",current_status="Approved",risk_cohort="renal disease")]},
 [dict(patient_id=1,a=1,b="2019-01-01",c=12.5,d="HD",e="2022-01-01",f="renal disease"),dict(patient_id=2,a=0,b="",c=0.0,d="",e="",f="")])
BP=('bp=codelist(["413606001"],system="snomed")\not=codelist(["163035008"],system="snomed")\ncat=codelist([("137R.","S"),("137S.","E"),("137S.","E"),("1371."," '
'N")],system="ctv3")\n')
E_=[ev(1,"2020-01-31",value=5.0),ev(1,"2020-01-31",value=5.0),ev(1,"2019-12-31",value=0.0),ev(2,"2020-02-29",value=-1.5),ev(2,"2020-02-10","163035008",value=3.0),ev(3,None,value=7.0),ev(1,"2020-02-01",None,None,"137R."),ev(2,"2020-02-01",None,None,"137s.")]
show("dates",'''
 d=patients.with_these_clinical_events(bp,returning="date",date_format="YYYY-MM-DD"),
 m=patients.with_these_clinical_events(bp,returning="date",date_format="YYYY-MM"),
 y=patients.with_these_clinical_events(bp,returning="date"),
 a=patients.with_these_clinical_events(bp,between=["d - 1 month","d"],returning="number_of_matches_in_period"),
 b=patients.with_these_clinical_events(bp,on_or_before="d - 1 month",returning="number_of_matches_in_period"),
 c=patients.with_these_clinical_events(bp,on_or_after="m",returning="number_of_matches_in_period"),
 e=patients.with_these_clinical_events(bp,between=["first_day_of_month(d)","last_day_of_month(d)"],returning="number_of_matches_in_period"),
 f=patients.age_as_of("d + 1 month"),
 g=patients.with_these_clinical_events(bp,between=["d + 1 day","d-1 day"]),
 h=patients.with_these_clinical_events(bp,between=["first_day_of_nhs_financial_year(d)","last_day_of_nhs_financial_year(d)"],returning="number_of_matches_in_period"),
 i=patients.with_these_clinical_events(bp,on_or_before="first_day_of_school_year(index_date) + 5 months",returning="number_of_matches_in_period"),
 j=patients.with_these_clinical_events(bp,on_or_before="last_day_of_year(d) - 1 years"),
 k=patients.with_these_clinical_events(bp,on_or_before="  index_date-1day "),
''',{"patients":P(1,2,3,4),"clinical_events":E_},[
 dict(patient_id=1,d="2020-01-31",m="2020-01",y="2020",a=3,b=1,c=2,e=2,f=69,g=0,h=3,i=3,j=1,k=1),
 dict(patient_id=2,d="2020-02-29",m="2020-02",y="2020",a=1,b=0,c=1,e=1,f=69,g=0,h=1,i=0,j=0,k=1),
 dict(patient_id=3,d="9999-12-31",m="9999-12",y="9999",a=0,b=0,c=1,e=0,f=0,g=0,h=0,i=0,j=0,k=0),
 dict(patient_id=4,d="",m="",y="",a=0,b=0,c=0,e=0,f=0,g=0,h=0,i=0,j=0,k=0)],extra=BP,index='"2020-03-01"')
show("made",'''
 d=patients.with_these_clinical_events(bp,on_or_before="2020-12-31",returning="date",date_format="YYYY-MM-DD"),
 o=patients.with_these_clinical_events(ot,returning="date",date_format="YYYY-MM-DD"),
 v=patients.with_these_clinical_events(bp,on_or_before="2020-12-31",returning="numeric_value"),
 w=patients.with_these_clinical_events(ot,returning="numeric_value"),
 n=patients.with_these_clinical_events(bp,on_or_before="2020-12-31",returning="number_of_matches_in_period"),
 mi=patients.minimum_of("d","o"), ma=patients.maximum_of("d","o","2020-02-15"), mi2=patients.minimum_of("o","2020-02-15"),
 nmin=patients.minimum_of("v","w"), nmax=patients.maximum_of("v","w"),
 c=patients.with_these_clinical_events(cat,returning="category"),
 s1=patients.satisfying("c"), s2=patients.satisfying("NOT c"), s3=patients.satisfying("c = ''"), s4=patients.satisfying("d"), s5=patients.satisfying("d < o"), s6=patients.satisfying("d <= cut",cut=patients.fixed_value("2020-01-31")),
 s7=patients.satisfying("v"), s8=patients.satisfying("v > -2 AND n >= 1 -- x\\n OR 1 = 2"), s9=patients.satisfying("n * 2 - 1 = 5"), s10=patients.satisfying("7/2 = 3"), s11=patients.satisfying("n/2 = 1"), s12=patients.satisfying("v/2 = 2.5"),
 s13=patients.satisfying("NOT n = 3 AND c = 'S' OR n"), s14=patients.satisfying("(n + 1) * 2 >= 4"), s15=patients.satisfying('c="S"'),
 k=patients.categorised_as({"a b":"n > 2","x":"n","": "DEFAULT"}), k2=patients.categorised_as({1:"n>2",0:"DEFAULT"}), k3=patients.categorised_as({5:"n>2",6:"DEFAULT"}), k4=patients.categorised_as({"2020-01-01":"n>2","2021-01-01":"DEFAULT"}), k5=patients.categorised_as({1.5:"n>2",0.0:"DEFAULT"}),
 k6=patients.satisfying("k4 > d"), k7=patients.satisfying("k3 = 5"), k8=patients.satisfying("k2"), mk=patients.maximum_of("k3","n"),
 f1=patients.fixed_value(False),f2=patients.fixed_value(2.5),f3=patients.fixed_value("x"),f4=patients.fixed_value("2020-05-06"),f5=patients.fixed_value(-3),
 fl=patients.maximum_of("k2","s7"), fl2=patients.minimum_of("k2","s7"),
''',{"patients":P(1,2,3),"clinical_events":E_},[
 dict(patient_id=1,d="2020-01-31",o="",v=5.0,w=0.0,n=3,mi="2020-01-31",ma="2020-02-15",mi2="2020-02-15",nmin=5.0,nmax=5.0,c="S",s1=1,s2=0,s3=0,s4=1,s5=0,s6=1,s7=1,s8=1,s9=1,s10=1,s11=1,s12=1,s13=1,s14=1,s15=1,k="a b",k2=1,k3=5,k4="2020-01-01",k5=1.5,k6=0,k7=1,k8=1,mk=5,f1=0,f2=2.5,f3="x",f4="2020-05-06",f5=-3,fl=1,fl2=1),
 dict(patient_id=2,d="2020-02-29",o="2020-02-10",v=-1.5,w=3.0,n=1,mi="2020-02-10",ma="2020-02-29",mi2="2020-02-10",nmin=-1.5,nmax=3.0,c="",s1=0,s2=1,s3=1,s4=1,s5=0,s6=0,s7=1,s8=1,s9=0,s10=1,s11=0,s12=0,s13=1,s14=1,s15=0,k="x",k2=0,k3=6,k4="2021-01-01",k5=0.0,k6=1,k7=0,k8=0,mk=6,f1=0,f2=2.5,f3="x",f4="2020-05-06",f5=-3,fl=1,fl2=1),
 dict(patient_id=3,d="",o="",v=0.0,w=0.0,n=0,mi="",ma="2020-02-15",mi2="2020-02-15",nmin=0.0,nmax=0.0,c="",s1=0,s2=1,s3=1,s4=0,s5=0,s6=1,s7=0,s8=0,s9=0,s10=1,s11=0,s12=0,s13=0,s14=0,s15=0,k="",k2=0,k3=6,k4="2021-01-01",k5=0.0,k6=1,k7=0,k8=0,mk=6,f1=0,f2=2.5,f3="x",f4="2020-05-06",f5=-3,fl=0,fl2=0)],extra=BP)


show("episodes",'''
 a=patients.with_these_clinical_events(bp,returning="number_of_episodes",episode_defined_as="series of events each <= 0 days apart",include_date_of_match=True,date_format="YYYY-MM-DD",on_or_before="2020-12-31"),
 b=patients.with_these_clinical_events(bp,returning="number_of_episodes",episode_defined_as="series of events each <= 1 days apart"),
 d=patients.date_of("b",date_format="YYYY-MM-DD"),
 e=patients.with_these_clinical_events(bp,returning="number_of_matches_in_period",ignore_days_where_these_codes_occur=ot,on_or_before="2020-12-31"),
 f=patients.with_these_clinical_events(bp,returning="numeric_value",ignore_missing_values=True,include_date_of_match=True,date_format="YYYY-MM-DD"),
''',{"patients":P(1,2),"clinical_events":[ev(1,"2020-01-31",value=3.0),ev(1,"2020-02-01",value=0.0),ev(1,"2020-02-03"),ev(1,None),ev(1,None),ev(1,"2020-02-03","163035008")]},
 [dict(patient_id=1,a=3,a_date="2020-02-03",b=3,d="9999-12-31",e=2,f=3.0,f_date="2020-01-31"),dict(patient_id=2,a=0,a_date="",b=0,d="",e=0,f=0.0,f_date="")],extra=BP)
show("medications",'''
 a=patients.with_these_medications(m,returning="category",find_first_match_in_period=True),
 b=patients.with_these_medications(m,returning="number_of_episodes",episode_defined_as="series of events each <= 28 days apart"),
 c=patients.with_these_medications(m,returning="number_of_matches_in_period",ignore_days_where_these_clinical_codes_occur=o),
 d=patients.with_these_medications(m,returning="code",find_last_match_in_period=True,include_date_of_match=True,include_day=True),
''',{"patients":P(1,2),"medications":[dict(patient_id=1,date="2020-01-01",dmd_code="39113611000001102"),dict(patient_id=1,date="2020-01-29",dmd_code="39113311000001107"),dict(patient_id=1,date="2020-02-27",dmd_code="39113311000001107")],"clinical_events":[ev(1,"2020-01-29","163035008")]},
 [dict(patient_id=1,a="A",b=2,c=2,d="39113311000001107",d_date="2020-02-27"),dict(patient_id=2,a="",b=0,c=0,d="",d_date="")],
 extra='m=codelist([("39113611000001102","A"),("39113311000001107","B")],system="snomed")\no=codelist(["163035008"],system="snomed")\n')
show("codelists",'''
 a=patients.with_these_clinical_events(codelist([" 413606001 ",""],system="snomed")),
 b=patients.with_these_clinical_events(combine_codelists(codelist(["1"],system="snomed"),bp)),
 c=patients.with_these_clinical_events(filter_codes_by_category(codelist([("413606001","x"),("2","y")],system="snomed"),include=["y"])),
''',{"patients":P(1),"clinical_events":[ev(1,"2020-01-31")]},[dict(patient_id=1,a=1,b=1,c=0)],extra=BP)
show("months before days",'''
 a=patients.date_of_birth("YYYY-MM-DD"),m=patients.date_of_birth("YYYY-MM"),
 b=patients.satisfying("a < cut",cut=patients.fixed_value("1960-01-01")),
 c=patients.satisfying("m < june",june=patients.fixed_value("1950-06-01")),
 d=patients.satisfying("m <= a AND m != a AND NOT m = a"),
 e=patients.minimum_of("x","y",x=patients.fixed_value("b"),y=patients.fixed_value("a")),
''',{"patients":P(1)},[dict(patient_id=1,a="1950-06-01",m="1950-06",b=1,c=1,d=1,e="a")])


@pytest.mark.parametrize("name", CASES)
def test_values_are_those_on_paper(name, tmp_path):
    columns, records, expected, extra, index = CASES[name]
    path = tmp_path / "study_definition.py"
    text = (f"{extra}\nstudy = StudyDefinition(index_date={index}, "
f"population=patients.all(),\n{columns})\n")
    path.write_text(f"from cohortextractor import *\n{text}", encoding="utf-8")
    assert evaluate(path, records) == expected
