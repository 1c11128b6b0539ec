// Generated from schemas/*.schema.json by scripts/generate.ts: do not edit, run `npm run generate`.
// @ts-nocheck

var __getOwnPropNames = Object.getOwnPropertyNames;
var __commonJS = (cb, mod) => function() {
  try {
    return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
  } catch (e) {
    throw mod = 0, e;
  }
};

// node_modules/ajv/dist/runtime/ucs2length.js
var require_ucs2length = __commonJS({
  "node_modules/ajv/dist/runtime/ucs2length.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: !0 });
    function ucs2length(str) {
      let len = str.length, length = 0, pos = 0, value;
      for (; pos < len; )
        length++, value = str.charCodeAt(pos++), value >= 55296 && value <= 56319 && pos < len && (value = str.charCodeAt(pos), (value & 64512) === 56320 && pos++);
      return length;
    }
    exports.default = ucs2length;
    ucs2length.code = 'require("ajv/dist/runtime/ucs2length").default';
  }
});

// schema:tables
import schema from "../../schemas/tables.schema.json" with { type: "json" };
var tables_default = validate21;
var schema7 = schema.definitions.TableSpec, func2 = Object.prototype.hasOwnProperty, func3 = require_ucs2length().default, pattern0 = new RegExp("^[a-zA-Z0-9_.-]+$", "u"), pattern1 = new RegExp("^(-1|[1-9][0-9]{0,3}|10000)$", "u"), pattern4 = new RegExp("^(0|[1-9][0-9]{0,2}|1000)$", "u"), schema8 = schema.definitions.EarlierScheme, pattern3 = new RegExp("^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?Z)?$", "u");
function validate23(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.RotationScheme === void 0 || data.PurgeRotation === void 0 || data.Until === void 0)
      return !1;
    for (let key0 in data)
      if (!(key0 === "RotationScheme" || key0 === "PurgeRotation" || key0 === "Until"))
        return !1;
    if (data.RotationScheme !== void 0) {
      let data0 = data.RotationScheme;
      if (typeof data0 != "string" || !(data0 === "hourly" || data0 === "daily" || data0 === "weekly" || data0 === "monthly" || data0 === "yearly"))
        return !1;
    }
    if (data.PurgeRotation !== void 0) {
      let data1 = data.PurgeRotation;
      if (!(typeof data1 == "number" && !(data1 % 1) && !isNaN(data1) && isFinite(data1)) && typeof data1 != "string")
        return !1;
      let _errs6 = errors, _errs7 = errors;
      if (data1 !== 0) {
        let err7 = {};
        vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
      }
      var valid1 = _errs7 === errors;
      if (valid1 || (errors = _errs6, vErrors !== null && (_errs6 ? vErrors.length = _errs6 : vErrors = null), typeof data1 == "number" && isFinite(data1) && (data1 > 1e4 || isNaN(data1) || data1 < -1 || isNaN(data1))) || typeof data1 == "string" && !pattern1.test(data1))
        return !1;
    }
    if (data.Until !== void 0) {
      let data2 = data.Until;
      if (typeof data2 == "string") {
        if (!pattern3.test(data2))
          return !1;
      } else
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}
var schema9 = schema.definitions.Consumer, pattern5 = new RegExp("^(arn:[a-z-]+:lambda:[a-z0-9-]+:[0-9]{12}:function:)?([a-zA-Z0-9_-]|\\{environment\\})+(:[a-zA-Z0-9$_-]+)?$", "u"), pattern6 = new RegExp("^([1-9][0-9]{0,3}|10000)$", "u"), pattern7 = new RegExp("^([0-9]|[1-9][0-9]|[12][0-9][0-9]|300)$", "u"), pattern8 = new RegExp("^([1-9]|10)$", "u"), pattern9 = new RegExp("^(-1|[6-9][0-9]|[1-9][0-9]{2,5})$", "u"), pattern10 = new RegExp("^(-1|0|[1-9][0-9]{0,3}|10000)$", "u"), pattern11 = new RegExp("^([0-9]|[1-9][0-9]|[1-8][0-9][0-9]|900)$", "u"), pattern13 = new RegExp("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[a-zA-Z0-9-]+$", "u"), schema10 = schema.definitions.FilterCriteria, schema11 = schema.definitions.Filter;
function validate27(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.Pattern === void 0)
      return !1;
    for (let key0 in data)
      if (key0 !== "Pattern")
        return !1;
    if (data.Pattern !== void 0) {
      let data0 = data.Pattern;
      if (typeof data0 == "string") {
        if (func3(data0) > 4096 || func3(data0) < 2)
          return !1;
      } else
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}
function validate26(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.Filters === void 0)
      return !1;
    for (let key0 in data)
      if (key0 !== "Filters")
        return !1;
    if (data.Filters !== void 0) {
      let data0 = data.Filters;
      if (Array.isArray(data0)) {
        if (data0.length > 10 || data0.length < 1)
          return !1;
        let len0 = data0.length;
        for (let i0 = 0; i0 < len0; i0++)
          if (!validate27(data0[i0])) return !1;
      } else
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}
var schema12 = schema.definitions.DestinationConfig, schema13 = schema.definitions.OnFailure, pattern12 = new RegExp("^arn:[a-z-]+:(sqs|sns|s3):[^\\u0000-\\u0020\\u007f-\\u009f]+$", "u");
function validate31(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.Destination === void 0)
      return !1;
    for (let key0 in data)
      if (key0 !== "Destination")
        return !1;
    if (data.Destination !== void 0) {
      let data0 = data.Destination;
      if (typeof data0 == "string") {
        if (func3(data0) > 1024 || !pattern12.test(data0))
          return !1;
      } else
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}
function validate30(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.OnFailure === void 0)
      return !1;
    for (let key0 in data)
      if (key0 !== "OnFailure")
        return !1;
    if (data.OnFailure !== void 0 && !validate31(data.OnFailure))
      return !1;
  } else
    return !1;
  return errors === 0;
}
var schema14 = schema.definitions.MetricsConfig;
function validate34(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.Metrics === void 0)
      return !1;
    for (let key0 in data)
      if (key0 !== "Metrics")
        return !1;
    if (data.Metrics !== void 0) {
      let data0 = data.Metrics;
      if (Array.isArray(data0)) {
        if (data0.length > 1 || data0.length < 1)
          return !1;
        let len0 = data0.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data1 = data0[i0];
          if (typeof data1 != "string" || data1 !== "EventCount")
            return !1;
        }
      } else
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}
function validate25(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.Function === void 0)
      return !1;
    for (let key0 in data)
      if (!func2.call(schema9.properties, key0))
        return !1;
    if (data.Function !== void 0) {
      let data0 = data.Function;
      if (typeof data0 == "string") {
        if (func3(data0) > 240 || !pattern5.test(data0))
          return !1;
      } else
        return !1;
    }
    if (data.StartingPosition !== void 0) {
      let data1 = data.StartingPosition;
      if (typeof data1 != "string" || !(data1 === "TRIM_HORIZON" || data1 === "LATEST"))
        return !1;
    }
    if (data.BatchSize !== void 0) {
      let data2 = data.BatchSize;
      if (!(typeof data2 == "number" && !(data2 % 1) && !isNaN(data2) && isFinite(data2)) && typeof data2 != "string" || typeof data2 == "number" && isFinite(data2) && (data2 > 1e4 || isNaN(data2) || data2 < 1 || isNaN(data2)) || typeof data2 == "string" && !pattern6.test(data2))
        return !1;
    }
    if (data.MaximumBatchingWindowInSeconds !== void 0) {
      let data3 = data.MaximumBatchingWindowInSeconds;
      if (!(typeof data3 == "number" && !(data3 % 1) && !isNaN(data3) && isFinite(data3)) && typeof data3 != "string" || typeof data3 == "number" && isFinite(data3) && (data3 > 300 || isNaN(data3) || data3 < 0 || isNaN(data3)) || typeof data3 == "string" && !pattern7.test(data3))
        return !1;
    }
    if (data.ParallelizationFactor !== void 0) {
      let data4 = data.ParallelizationFactor;
      if (!(typeof data4 == "number" && !(data4 % 1) && !isNaN(data4) && isFinite(data4)) && typeof data4 != "string" || typeof data4 == "number" && isFinite(data4) && (data4 > 10 || isNaN(data4) || data4 < 1 || isNaN(data4)) || typeof data4 == "string" && !pattern8.test(data4))
        return !1;
    }
    if (data.MaximumRecordAgeInSeconds !== void 0) {
      let data5 = data.MaximumRecordAgeInSeconds;
      if (!(typeof data5 == "number" && !(data5 % 1) && !isNaN(data5) && isFinite(data5)) && typeof data5 != "string")
        return !1;
      let _errs14 = errors, _errs15 = errors;
      if (!(typeof data5 == "number" && !(data5 % 1) && !isNaN(data5) && isFinite(data5))) {
        let err20 = {};
        vErrors === null ? vErrors = [err20] : vErrors.push(err20), errors++;
      }
      if (errors === _errs15 && typeof data5 == "number" && isFinite(data5)) {
        if (data5 > 59 || isNaN(data5)) {
          let err21 = {};
          vErrors === null ? vErrors = [err21] : vErrors.push(err21), errors++;
        } else if (data5 < 0 || isNaN(data5)) {
          let err22 = {};
          vErrors === null ? vErrors = [err22] : vErrors.push(err22), errors++;
        }
      }
      var valid1 = _errs15 === errors;
      if (valid1 || (errors = _errs14, vErrors !== null && (_errs14 ? vErrors.length = _errs14 : vErrors = null), typeof data5 == "number" && isFinite(data5) && (data5 > 604800 || isNaN(data5) || data5 < -1 || isNaN(data5))) || typeof data5 == "string" && !pattern9.test(data5))
        return !1;
    }
    if (data.MaximumRetryAttempts !== void 0) {
      let data6 = data.MaximumRetryAttempts;
      if (!(typeof data6 == "number" && !(data6 % 1) && !isNaN(data6) && isFinite(data6)) && typeof data6 != "string" || typeof data6 == "number" && isFinite(data6) && (data6 > 1e4 || isNaN(data6) || data6 < -1 || isNaN(data6)) || typeof data6 == "string" && !pattern10.test(data6))
        return !1;
    }
    if (data.BisectBatchOnFunctionError !== void 0 && typeof data.BisectBatchOnFunctionError != "boolean")
      return !1;
    if (data.TumblingWindowInSeconds !== void 0) {
      let data8 = data.TumblingWindowInSeconds;
      if (!(typeof data8 == "number" && !(data8 % 1) && !isNaN(data8) && isFinite(data8)) && typeof data8 != "string" || typeof data8 == "number" && isFinite(data8) && (data8 > 900 || isNaN(data8) || data8 < 0 || isNaN(data8)) || typeof data8 == "string" && !pattern11.test(data8))
        return !1;
    }
    if (data.FunctionResponseTypes !== void 0) {
      let data9 = data.FunctionResponseTypes;
      if (Array.isArray(data9)) {
        if (data9.length > 1 || data9.length < 1)
          return !1;
        let len0 = data9.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data10 = data9[i0];
          if (typeof data10 != "string" || data10 !== "ReportBatchItemFailures")
            return !1;
        }
      } else
        return !1;
    }
    if (data.FilterCriteria !== void 0 && !validate26(data.FilterCriteria) || data.DestinationConfig !== void 0 && !validate30(data.DestinationConfig))
      return !1;
    if (data.KMSKeyArn !== void 0) {
      let data13 = data.KMSKeyArn;
      if (typeof data13 == "string") {
        if (func3(data13) > 2048 || !pattern13.test(data13))
          return !1;
      } else
        return !1;
    }
    if (data.MetricsConfig !== void 0 && !validate34(data.MetricsConfig))
      return !1;
  } else
    return !1;
  return errors === 0;
}
var schema15 = schema.definitions.KinesisStreamDestination, pattern14 = new RegExp("^(arn:[a-z-]+:kinesis:[a-z0-9-]+:[0-9]{12}:stream/)?([a-zA-Z0-9_.-]|\\{environment\\})+$", "u");
function validate37(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.Stream === void 0)
      return !1;
    for (let key0 in data)
      if (!(key0 === "Stream" || key0 === "ApproximateCreationDateTimePrecision"))
        return !1;
    if (data.Stream !== void 0) {
      let data0 = data.Stream;
      if (typeof data0 == "string") {
        if (func3(data0) > 240 || !pattern14.test(data0))
          return !1;
      } else
        return !1;
    }
    if (data.ApproximateCreationDateTimePrecision !== void 0) {
      let data1 = data.ApproximateCreationDateTimePrecision;
      if (typeof data1 != "string" || !(data1 === "MILLISECOND" || data1 === "MICROSECOND"))
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}
var schema16 = schema.definitions.Replica, pattern15 = new RegExp("^[a-z]{2,4}(-[a-z]+)?-(north|south|east|west|central){1,2}-[0-9]$", "u"), pattern16 = new RegExp("^[^\\u0000-\\u001f\\u007f-\\u009f]*$", "u"), schema17 = schema.definitions.OnDemandThroughputOverride, pattern17 = new RegExp("^(-1|[1-9][0-9]{0,8})$", "u");
function validate40(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.MaxReadRequestUnits === void 0)
      return !1;
    for (let key0 in data)
      if (key0 !== "MaxReadRequestUnits")
        return !1;
    if (data.MaxReadRequestUnits !== void 0) {
      let data0 = data.MaxReadRequestUnits;
      if (!(typeof data0 == "number" && !(data0 % 1) && !isNaN(data0) && isFinite(data0)) && typeof data0 != "string")
        return !1;
      let _errs4 = errors, _errs5 = errors;
      if (data0 !== 0) {
        let err3 = {};
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
      var valid1 = _errs5 === errors;
      if (valid1 || (errors = _errs4, vErrors !== null && (_errs4 ? vErrors.length = _errs4 : vErrors = null), typeof data0 == "number" && isFinite(data0) && (data0 > 999999999 || isNaN(data0) || data0 < -1 || isNaN(data0))) || typeof data0 == "string" && !pattern17.test(data0))
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}
var schema18 = schema.definitions.ReplicaGlobalSecondaryIndex, schema19 = schema.definitions.IndexName;
function validate43(data) {
  let vErrors = null, errors = 0;
  if (typeof data == "string") {
    if (func3(data) > 255 || func3(data) < 3 || !pattern0.test(data))
      return !1;
  } else
    return !1;
  return errors === 0;
}
function validate42(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.IndexName === void 0 || data.OnDemandThroughputOverride === void 0)
      return !1;
    for (let key0 in data)
      if (!(key0 === "IndexName" || key0 === "OnDemandThroughputOverride"))
        return !1;
    if (data.IndexName !== void 0 && !validate43(data.IndexName) || data.OnDemandThroughputOverride !== void 0 && !validate40(data.OnDemandThroughputOverride))
      return !1;
  } else
    return !1;
  return errors === 0;
}
function validate39(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.RegionName === void 0)
      return !1;
    for (let key0 in data)
      if (!(key0 === "RegionName" || key0 === "KMSMasterKeyId" || key0 === "OnDemandThroughputOverride" || key0 === "GlobalSecondaryIndexes" || key0 === "TableClassOverride"))
        return !1;
    if (data.RegionName !== void 0) {
      let data0 = data.RegionName;
      if (typeof data0 == "string") {
        if (!pattern15.test(data0))
          return !1;
      } else
        return !1;
    }
    if (data.KMSMasterKeyId !== void 0) {
      let data1 = data.KMSMasterKeyId;
      if (typeof data1 == "string") {
        if (func3(data1) > 2048 || func3(data1) < 1 || !pattern16.test(data1))
          return !1;
      } else
        return !1;
    }
    if (data.OnDemandThroughputOverride !== void 0 && !validate40(data.OnDemandThroughputOverride))
      return !1;
    if (data.GlobalSecondaryIndexes !== void 0) {
      let data3 = data.GlobalSecondaryIndexes;
      if (Array.isArray(data3)) {
        if (data3.length < 1)
          return !1;
        let len0 = data3.length;
        for (let i0 = 0; i0 < len0; i0++)
          if (!validate42(data3[i0])) return !1;
      } else
        return !1;
    }
    if (data.TableClassOverride !== void 0) {
      let data5 = data.TableClassOverride;
      if (typeof data5 != "string" || !(data5 === "STANDARD" || data5 === "STANDARD_INFREQUENT_ACCESS"))
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}
var schema20 = schema.definitions.Properties, schema21 = schema.definitions.AttributeDefinition;
function validate49(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.AttributeName === void 0 || data.AttributeType === void 0)
      return !1;
    for (let key0 in data)
      if (!(key0 === "AttributeName" || key0 === "AttributeType"))
        return !1;
    if (data.AttributeName !== void 0) {
      let data0 = data.AttributeName;
      if (typeof data0 == "string") {
        if (func3(data0) > 255 || func3(data0) < 1 || !pattern16.test(data0))
          return !1;
      } else
        return !1;
    }
    if (data.AttributeType !== void 0) {
      let data1 = data.AttributeType;
      if (typeof data1 != "string" || !(data1 === "S" || data1 === "N" || data1 === "B"))
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}
var schema22 = schema.definitions.KeySchema, schema23 = schema.definitions.KeyPart;
function validate52(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.AttributeName === void 0 || data.KeyType === void 0)
      return !1;
    for (let key0 in data)
      if (!(key0 === "AttributeName" || key0 === "KeyType"))
        return !1;
    if (data.AttributeName !== void 0) {
      let data0 = data.AttributeName;
      if (typeof data0 == "string") {
        if (func3(data0) > 255 || func3(data0) < 1 || !pattern16.test(data0))
          return !1;
      } else
        return !1;
    }
    if (data.KeyType !== void 0) {
      let data1 = data.KeyType;
      if (typeof data1 != "string" || !(data1 === "HASH" || data1 === "RANGE"))
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}
function validate51(data) {
  let vErrors = null, errors = 0;
  if (Array.isArray(data)) {
    if (data.length > 2 || data.length < 1)
      return !1;
    let len0 = data.length;
    for (let i0 = 0; i0 < len0; i0++)
      if (!validate52(data[i0])) return !1;
  } else
    return !1;
  return errors === 0;
}
var schema24 = schema.definitions.Throughput, pattern21 = new RegExp("^[1-9][0-9]{0,8}$", "u");
function validate55(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.ReadCapacityUnits === void 0 || data.WriteCapacityUnits === void 0)
      return !1;
    for (let key0 in data)
      if (!(key0 === "ReadCapacityUnits" || key0 === "WriteCapacityUnits"))
        return !1;
    if (data.ReadCapacityUnits !== void 0) {
      let data0 = data.ReadCapacityUnits;
      if (!(typeof data0 == "number" && !(data0 % 1) && !isNaN(data0) && isFinite(data0)) && typeof data0 != "string" || typeof data0 == "number" && isFinite(data0) && (data0 > 999999999 || isNaN(data0) || data0 < 1 || isNaN(data0)) || typeof data0 == "string" && !pattern21.test(data0))
        return !1;
    }
    if (data.WriteCapacityUnits !== void 0) {
      let data1 = data.WriteCapacityUnits;
      if (!(typeof data1 == "number" && !(data1 % 1) && !isNaN(data1) && isFinite(data1)) && typeof data1 != "string" || typeof data1 == "number" && isFinite(data1) && (data1 > 999999999 || isNaN(data1) || data1 < 1 || isNaN(data1)) || typeof data1 == "string" && !pattern21.test(data1))
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}
var schema25 = schema.definitions.Outdated;
function validate58(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (Object.keys(data).length < 1)
      return !1;
    for (let key0 in data)
      if (!(key0 === "BillingMode" || key0 === "TableClass"))
        return !1;
    if (data.BillingMode !== void 0) {
      let data0 = data.BillingMode;
      if (typeof data0 != "string" || data0 !== "PAY_PER_REQUEST")
        return !1;
    }
    if (data.TableClass !== void 0) {
      let data1 = data.TableClass;
      if (typeof data1 != "string" || !(data1 === "STANDARD" || data1 === "STANDARD_INFREQUENT_ACCESS"))
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}
var schema26 = schema.definitions.LocalSecondaryIndex, schema27 = schema.definitions.Projection;
function validate63(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.ProjectionType === void 0)
      return !1;
    for (let key0 in data)
      if (!(key0 === "ProjectionType" || key0 === "NonKeyAttributes"))
        return !1;
    if (data.ProjectionType !== void 0) {
      let data0 = data.ProjectionType;
      if (typeof data0 != "string" || !(data0 === "ALL" || data0 === "KEYS_ONLY" || data0 === "INCLUDE"))
        return !1;
    }
    if (data.NonKeyAttributes !== void 0) {
      let data1 = data.NonKeyAttributes;
      if (Array.isArray(data1)) {
        if (data1.length > 100 || data1.length < 1)
          return !1;
        let len0 = data1.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data2 = data1[i0];
          if (typeof data2 == "string") {
            if (func3(data2) > 255 || func3(data2) < 1 || !pattern16.test(data2))
              return !1;
          } else
            return !1;
        }
      } else
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}
function validate60(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.IndexName === void 0 || data.KeySchema === void 0 || data.Projection === void 0)
      return !1;
    for (let key0 in data)
      if (!(key0 === "IndexName" || key0 === "KeySchema" || key0 === "Projection"))
        return !1;
    if (data.IndexName !== void 0 && !validate43(data.IndexName) || data.KeySchema !== void 0 && !validate51(data.KeySchema) || data.Projection !== void 0 && !validate63(data.Projection))
      return !1;
  } else
    return !1;
  return errors === 0;
}
var schema28 = schema.definitions.GlobalSecondaryIndex, schema29 = schema.definitions.IndexKeySchema;
function validate68(data) {
  let vErrors = null, errors = 0;
  if (Array.isArray(data)) {
    if (data.length > 8 || data.length < 1)
      return !1;
    let len0 = data.length;
    for (let i0 = 0; i0 < len0; i0++)
      if (!validate52(data[i0])) return !1;
  } else
    return !1;
  return errors === 0;
}
var schema30 = schema.definitions.OnDemandThroughput;
function validate74(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (let key0 in data)
      if (!(key0 === "MaxReadRequestUnits" || key0 === "MaxWriteRequestUnits"))
        return !1;
    if (data.MaxReadRequestUnits !== void 0) {
      let data0 = data.MaxReadRequestUnits;
      if (!(typeof data0 == "number" && !(data0 % 1) && !isNaN(data0) && isFinite(data0)) && typeof data0 != "string")
        return !1;
      let _errs4 = errors, _errs5 = errors;
      if (data0 !== 0) {
        let err2 = {};
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
      var valid1 = _errs5 === errors;
      if (valid1 || (errors = _errs4, vErrors !== null && (_errs4 ? vErrors.length = _errs4 : vErrors = null), typeof data0 == "number" && isFinite(data0) && (data0 > 999999999 || isNaN(data0) || data0 < -1 || isNaN(data0))) || typeof data0 == "string" && !pattern17.test(data0))
        return !1;
    }
    if (data.MaxWriteRequestUnits !== void 0) {
      let data1 = data.MaxWriteRequestUnits;
      if (!(typeof data1 == "number" && !(data1 % 1) && !isNaN(data1) && isFinite(data1)) && typeof data1 != "string")
        return !1;
      let _errs8 = errors, _errs9 = errors;
      if (data1 !== 0) {
        let err8 = {};
        vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
      }
      var valid2 = _errs9 === errors;
      if (valid2 || (errors = _errs8, vErrors !== null && (_errs8 ? vErrors.length = _errs8 : vErrors = null), typeof data1 == "number" && isFinite(data1) && (data1 > 999999999 || isNaN(data1) || data1 < -1 || isNaN(data1))) || typeof data1 == "string" && !pattern17.test(data1))
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}
var schema31 = schema.definitions.WarmThroughput;
function validate76(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (let key0 in data)
      if (!(key0 === "ReadUnitsPerSecond" || key0 === "WriteUnitsPerSecond"))
        return !1;
    if (data.ReadUnitsPerSecond !== void 0) {
      let data0 = data.ReadUnitsPerSecond;
      if (!(typeof data0 == "number" && !(data0 % 1) && !isNaN(data0) && isFinite(data0)) && typeof data0 != "string" || typeof data0 == "number" && isFinite(data0) && (data0 > 999999999 || isNaN(data0) || data0 < 1 || isNaN(data0)) || typeof data0 == "string" && !pattern21.test(data0))
        return !1;
    }
    if (data.WriteUnitsPerSecond !== void 0) {
      let data1 = data.WriteUnitsPerSecond;
      if (!(typeof data1 == "number" && !(data1 % 1) && !isNaN(data1) && isFinite(data1)) && typeof data1 != "string" || typeof data1 == "number" && isFinite(data1) && (data1 > 999999999 || isNaN(data1) || data1 < 1 || isNaN(data1)) || typeof data1 == "string" && !pattern21.test(data1))
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}
function validate66(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.IndexName === void 0 || data.KeySchema === void 0 || data.Projection === void 0)
      return !1;
    for (let key0 in data)
      if (!(key0 === "IndexName" || key0 === "KeySchema" || key0 === "Projection" || key0 === "ProvisionedThroughput" || key0 === "OutdatedTableProvisionedThroughput" || key0 === "OnDemandThroughput" || key0 === "WarmThroughput"))
        return !1;
    if (data.IndexName !== void 0 && !validate43(data.IndexName) || data.KeySchema !== void 0 && !validate68(data.KeySchema) || data.Projection !== void 0 && !validate63(data.Projection) || data.ProvisionedThroughput !== void 0 && !validate55(data.ProvisionedThroughput) || data.OutdatedTableProvisionedThroughput !== void 0 && !validate55(data.OutdatedTableProvisionedThroughput) || data.OnDemandThroughput !== void 0 && !validate74(data.OnDemandThroughput) || data.WarmThroughput !== void 0 && !validate76(data.WarmThroughput))
      return !1;
  } else
    return !1;
  return errors === 0;
}
var schema32 = schema.definitions.VectorIndex, schema33 = schema.definitions.VectorAttribute;
function validate81(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.AttributeName === void 0)
      return !1;
    for (let key0 in data)
      if (key0 !== "AttributeName")
        return !1;
    if (data.AttributeName !== void 0) {
      let data0 = data.AttributeName;
      if (typeof data0 == "string") {
        if (func3(data0) > 255 || func3(data0) < 1 || !pattern16.test(data0))
          return !1;
      } else
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}
var schema34 = schema.definitions.SearchSchemaElement;
function validate84(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.AttributeName === void 0 || data.SearchSchemaElementType === void 0)
      return !1;
    for (let key0 in data)
      if (!(key0 === "AttributeName" || key0 === "SearchSchemaElementType"))
        return !1;
    if (data.AttributeName !== void 0) {
      let data0 = data.AttributeName;
      if (typeof data0 == "string") {
        if (func3(data0) > 255 || func3(data0) < 1 || !pattern16.test(data0))
          return !1;
      } else
        return !1;
    }
    if (data.SearchSchemaElementType !== void 0) {
      let data1 = data.SearchSchemaElementType;
      if (typeof data1 != "string" || !(data1 === "HASH" || data1 === "INLINE_FILTER"))
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}
var pattern29 = new RegExp("^([1-9][0-9]{0,2}|[1-3][0-9]{3}|40[0-8][0-9]|409[0-6])$", "u");
function validate79(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.IndexName === void 0 || data.VectorAttribute === void 0 || data.Dimensions === void 0 || data.DistanceFunction === void 0 || data.Projection === void 0)
      return !1;
    for (let key0 in data)
      if (!(key0 === "IndexName" || key0 === "VectorAttribute" || key0 === "Dimensions" || key0 === "DistanceFunction" || key0 === "Projection" || key0 === "SearchSchema"))
        return !1;
    if (data.IndexName !== void 0 && !validate43(data.IndexName) || data.VectorAttribute !== void 0 && !validate81(data.VectorAttribute))
      return !1;
    if (data.Dimensions !== void 0) {
      let data2 = data.Dimensions;
      if (!(typeof data2 == "number" && !(data2 % 1) && !isNaN(data2) && isFinite(data2)) && typeof data2 != "string" || typeof data2 == "number" && isFinite(data2) && (data2 > 4096 || isNaN(data2) || data2 < 1 || isNaN(data2)) || typeof data2 == "string" && !pattern29.test(data2))
        return !1;
    }
    if (data.DistanceFunction !== void 0) {
      let data3 = data.DistanceFunction;
      if (typeof data3 != "string" || !(data3 === "COSINE" || data3 === "EUCLIDEAN" || data3 === "DOT_PRODUCT"))
        return !1;
    }
    if (data.Projection !== void 0 && !validate63(data.Projection))
      return !1;
    if (data.SearchSchema !== void 0) {
      let data5 = data.SearchSchema;
      if (Array.isArray(data5)) {
        if (data5.length > 19 || data5.length < 1)
          return !1;
        let len0 = data5.length;
        for (let i0 = 0; i0 < len0; i0++)
          if (!validate84(data5[i0])) return !1;
      } else
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}
var schema35 = schema.definitions.StreamSpecification;
function validate89(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.StreamEnabled === void 0)
      return !1;
    for (let key0 in data)
      if (!(key0 === "StreamEnabled" || key0 === "StreamViewType"))
        return !1;
    if (data.StreamEnabled !== void 0 && typeof data.StreamEnabled != "boolean")
      return !1;
    if (data.StreamViewType !== void 0) {
      let data1 = data.StreamViewType;
      if (typeof data1 != "string" || !(data1 === "NEW_IMAGE" || data1 === "OLD_IMAGE" || data1 === "NEW_AND_OLD_IMAGES" || data1 === "KEYS_ONLY"))
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}
var schema36 = schema.definitions.SSESpecification;
function validate91(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (let key0 in data)
      if (!(key0 === "Enabled" || key0 === "SSEType" || key0 === "KMSMasterKeyId"))
        return !1;
    if (data.Enabled !== void 0 && typeof data.Enabled != "boolean")
      return !1;
    if (data.SSEType !== void 0) {
      let data1 = data.SSEType;
      if (typeof data1 != "string" || data1 !== "KMS")
        return !1;
    }
    if (data.KMSMasterKeyId !== void 0) {
      let data2 = data.KMSMasterKeyId;
      if (typeof data2 == "string") {
        if (func3(data2) > 2048 || func3(data2) < 1 || !pattern16.test(data2))
          return !1;
      } else
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}
var schema37 = schema.definitions.TimeToLive;
function validate93(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.AttributeName === void 0)
      return !1;
    for (let key0 in data)
      if (!(key0 === "AttributeName" || key0 === "Enabled"))
        return !1;
    if (data.AttributeName !== void 0) {
      let data0 = data.AttributeName;
      if (typeof data0 == "string") {
        if (func3(data0) > 255 || func3(data0) < 1 || !pattern16.test(data0))
          return !1;
      } else
        return !1;
    }
    if (data.Enabled !== void 0 && typeof data.Enabled != "boolean")
      return !1;
  } else
    return !1;
  return errors === 0;
}
var schema38 = schema.definitions.PointInTimeRecoverySpecification, pattern33 = new RegExp("^([1-9]|[12][0-9]|3[0-5])$", "u");
function validate95(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.PointInTimeRecoveryEnabled === void 0)
      return !1;
    for (let key0 in data)
      if (!(key0 === "PointInTimeRecoveryEnabled" || key0 === "RecoveryPeriodInDays"))
        return !1;
    if (data.PointInTimeRecoveryEnabled !== void 0 && typeof data.PointInTimeRecoveryEnabled != "boolean")
      return !1;
    if (data.RecoveryPeriodInDays !== void 0) {
      let data1 = data.RecoveryPeriodInDays;
      if (!(typeof data1 == "number" && !(data1 % 1) && !isNaN(data1) && isFinite(data1)) && typeof data1 != "string" || typeof data1 == "number" && isFinite(data1) && (data1 > 35 || isNaN(data1) || data1 < 1 || isNaN(data1)) || typeof data1 == "string" && !pattern33.test(data1))
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}
var schema39 = schema.definitions.Tag, pattern34 = new RegExp("^(?!aws:|turntable:)", "u"), pattern35 = new RegExp("^[\\p{L}\\p{Z}\\p{N}+=._:/@-]*$", "u");
function validate97(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.Key === void 0 || data.Value === void 0)
      return !1;
    for (let key0 in data)
      if (!(key0 === "Key" || key0 === "Value"))
        return !1;
    if (data.Key !== void 0) {
      let data0 = data.Key;
      if (typeof data0 == "string" && !pattern34.test(data0))
        return !1;
      if (typeof data0 == "string") {
        if (func3(data0) > 128 || func3(data0) < 1 || !pattern35.test(data0))
          return !1;
      } else
        return !1;
    }
    if (data.Value !== void 0) {
      let data1 = data.Value;
      if (typeof data1 == "string") {
        if (func3(data1) > 256 || !pattern35.test(data1))
          return !1;
      } else
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}
function validate48(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.AttributeDefinitions === void 0 || data.KeySchema === void 0)
      return !1;
    for (let key0 in data)
      if (!func2.call(schema20.properties, key0))
        return !1;
    if (data.AttributeDefinitions !== void 0) {
      let data0 = data.AttributeDefinitions;
      if (Array.isArray(data0)) {
        if (data0.length < 1)
          return !1;
        let len0 = data0.length;
        for (let i0 = 0; i0 < len0; i0++)
          if (!validate49(data0[i0])) return !1;
      } else
        return !1;
    }
    if (data.KeySchema !== void 0 && !validate51(data.KeySchema))
      return !1;
    if (data.BillingMode !== void 0) {
      let data3 = data.BillingMode;
      if (typeof data3 != "string" || !(data3 === "PROVISIONED" || data3 === "PAY_PER_REQUEST"))
        return !1;
    }
    if (data.ProvisionedThroughput !== void 0 && !validate55(data.ProvisionedThroughput) || data.OutdatedTableProvisionedThroughput !== void 0 && !validate55(data.OutdatedTableProvisionedThroughput) || data.Outdated !== void 0 && !validate58(data.Outdated))
      return !1;
    if (data.LocalSecondaryIndexes !== void 0) {
      let data7 = data.LocalSecondaryIndexes;
      if (Array.isArray(data7)) {
        if (data7.length > 5 || data7.length < 1)
          return !1;
        let len1 = data7.length;
        for (let i1 = 0; i1 < len1; i1++)
          if (!validate60(data7[i1])) return !1;
      } else
        return !1;
    }
    if (data.GlobalSecondaryIndexes !== void 0) {
      let data9 = data.GlobalSecondaryIndexes;
      if (Array.isArray(data9)) {
        if (data9.length < 1)
          return !1;
        let len2 = data9.length;
        for (let i2 = 0; i2 < len2; i2++)
          if (!validate66(data9[i2])) return !1;
      } else
        return !1;
    }
    if (data.VectorIndexes !== void 0) {
      let data11 = data.VectorIndexes;
      if (Array.isArray(data11)) {
        if (data11.length > 5 || data11.length < 1)
          return !1;
        let len3 = data11.length;
        for (let i3 = 0; i3 < len3; i3++)
          if (!validate79(data11[i3])) return !1;
      } else
        return !1;
    }
    if (data.OnDemandThroughput !== void 0 && !validate74(data.OnDemandThroughput) || data.WarmThroughput !== void 0 && !validate76(data.WarmThroughput))
      return !1;
    if (data.TableClass !== void 0) {
      let data15 = data.TableClass;
      if (typeof data15 != "string" || !(data15 === "STANDARD" || data15 === "STANDARD_INFREQUENT_ACCESS"))
        return !1;
    }
    if (data.DeletionProtectionEnabled !== void 0 && typeof data.DeletionProtectionEnabled != "boolean" || data.StreamSpecification !== void 0 && !validate89(data.StreamSpecification) || data.SSESpecification !== void 0 && !validate91(data.SSESpecification))
      return !1;
    if (data.ResourcePolicy !== void 0) {
      let data19 = data.ResourcePolicy;
      if (typeof data19 == "string") {
        if (func3(data19) > 20480 || func3(data19) < 2)
          return !1;
      } else
        return !1;
    }
    if (data.TimeToLive !== void 0 && !validate93(data.TimeToLive) || data.PointInTimeRecoverySpecification !== void 0 && !validate95(data.PointInTimeRecoverySpecification))
      return !1;
    if (data.Tags !== void 0) {
      let data22 = data.Tags;
      if (Array.isArray(data22)) {
        if (data22.length > 44)
          return !1;
        let len4 = data22.length;
        for (let i4 = 0; i4 < len4; i4++)
          if (!validate97(data22[i4])) return !1;
      } else
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}
function validate22(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.TableName === void 0 || data.RotationScheme === void 0 || data.Properties === void 0)
      return !1;
    for (let key0 in data)
      if (!func2.call(schema7.properties, key0))
        return !1;
    if (data.TableName !== void 0) {
      let data0 = data.TableName;
      if (typeof data0 == "string") {
        if (func3(data0) > 240 || func3(data0) < 1 || !pattern0.test(data0))
          return !1;
      } else
        return !1;
    }
    if (data.RotationScheme !== void 0) {
      let data1 = data.RotationScheme;
      if (typeof data1 != "string" || !(data1 === "none" || data1 === "hourly" || data1 === "daily" || data1 === "weekly" || data1 === "monthly" || data1 === "yearly"))
        return !1;
    }
    if (data.PurgeRotation !== void 0) {
      let data2 = data.PurgeRotation;
      if (!(typeof data2 == "number" && !(data2 % 1) && !isNaN(data2) && isFinite(data2)) && typeof data2 != "string")
        return !1;
      let _errs8 = errors, _errs9 = errors;
      if (data2 !== 0) {
        let err11 = {};
        vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
      }
      var valid1 = _errs9 === errors;
      if (valid1 || (errors = _errs8, vErrors !== null && (_errs8 ? vErrors.length = _errs8 : vErrors = null), typeof data2 == "number" && isFinite(data2) && (data2 > 1e4 || isNaN(data2) || data2 < -1 || isNaN(data2))) || typeof data2 == "string" && !pattern1.test(data2))
        return !1;
    }
    if (data.Previously !== void 0) {
      let data3 = data.Previously;
      if (Array.isArray(data3)) {
        if (data3.length > 20 || data3.length < 1)
          return !1;
        let len0 = data3.length;
        for (let i0 = 0; i0 < len0; i0++)
          if (!validate23(data3[i0])) return !1;
      } else
        return !1;
    }
    if (data.Backfill !== void 0) {
      let data5 = data.Backfill;
      if (!(typeof data5 == "number" && !(data5 % 1) && !isNaN(data5) && isFinite(data5)) && typeof data5 != "string" || typeof data5 == "number" && isFinite(data5) && (data5 > 1e3 || isNaN(data5) || data5 < 0 || isNaN(data5)) || typeof data5 == "string" && !pattern4.test(data5))
        return !1;
    }
    if (data.Consumers !== void 0) {
      let data6 = data.Consumers;
      if (Array.isArray(data6)) {
        if (data6.length > 10 || data6.length < 1)
          return !1;
        let len1 = data6.length;
        for (let i1 = 0; i1 < len1; i1++)
          if (!validate25(data6[i1])) return !1;
      } else
        return !1;
    }
    if (data.KinesisStreamDestination !== void 0 && !validate37(data.KinesisStreamDestination))
      return !1;
    if (data.Replicas !== void 0) {
      let data9 = data.Replicas;
      if (Array.isArray(data9)) {
        if (data9.length > 20 || data9.length < 1)
          return !1;
        let len2 = data9.length;
        for (let i2 = 0; i2 < len2; i2++)
          if (!validate39(data9[i2])) return !1;
      } else
        return !1;
    }
    if (data.Properties !== void 0 && !validate48(data.Properties))
      return !1;
  } else
    return !1;
  return errors === 0;
}
function validate21(data) {
  let vErrors = null, errors = 0;
  if (!data || typeof data != "object")
    return !1;
  if (Array.isArray(data)) {
    let len0 = data.length;
    for (let i0 = 0; i0 < len0; i0++)
      if (!validate22(data[i0])) return !1;
  }
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.Tables === void 0)
      return !1;
    for (let key0 in data)
      if (!(key0 === "$schema" || key0 === "Tables"))
        return !1;
    if (data.$schema !== void 0 && typeof data.$schema != "string")
      return !1;
    if (data.Tables !== void 0) {
      let data2 = data.Tables;
      if (Array.isArray(data2)) {
        let len1 = data2.length;
        for (let i1 = 0; i1 < len1; i1++)
          if (!validate22(data2[i1])) return !1;
      } else
        return !1;
    }
  }
  return errors === 0;
}

// schema:settings
import schema2 from "../../schemas/settings.schema.json" with { type: "json" };
var settings_default = validate212;
var schema72 = schema2.definitions.Level, func22 = Object.prototype.hasOwnProperty, schema82 = schema2.definitions.PeriodsAhead, pattern02 = new RegExp("^([1-9][0-9]{0,2}|1000)$", "u");
function validate232(data) {
  let vErrors = null, errors = 0;
  return !(typeof data == "number" && !(data % 1) && !isNaN(data) && isFinite(data)) && typeof data != "string" || typeof data == "number" && isFinite(data) && (data > 1e3 || isNaN(data) || data < 1 || isNaN(data)) || typeof data == "string" && !pattern02.test(data) ? !1 : errors === 0;
}
var schema92 = schema2.definitions.WarmUpHours, pattern18 = new RegExp("^[1-9][0-9]{0,3}$", "u");
function validate252(data) {
  let vErrors = null, errors = 0;
  return !(typeof data == "number" && !(data % 1) && !isNaN(data) && isFinite(data)) && typeof data != "string" || typeof data == "number" && isFinite(data) && (data > 8784 || isNaN(data) || data < 1 || isNaN(data)) || typeof data == "string" && !pattern18.test(data) ? !1 : errors === 0;
}
var schema102 = schema2.definitions.DrainMinutes, pattern2 = new RegExp("^(0|[1-9][0-9]{0,5})$", "u");
function validate272(data) {
  let vErrors = null, errors = 0;
  return !(typeof data == "number" && !(data % 1) && !isNaN(data) && isFinite(data)) && typeof data != "string" || typeof data == "number" && isFinite(data) && (data > 525600 || isNaN(data) || data < 0 || isNaN(data)) || typeof data == "string" && !pattern2.test(data) ? !1 : errors === 0;
}
var schema112 = schema2.definitions.Purge, pattern42 = new RegExp("^([1-9][0-9]{0,3}|10000)$", "u"), pattern72 = new RegExp("^([1-9][0-9]?|100)$", "u"), pattern82 = new RegExp("^(0|[1-9][0-9]?|1[0-5][0-9]|16[0-8])$", "u"), schema122 = schema2.definitions.Archive, pattern92 = new RegExp("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", "u"), pattern102 = new RegExp("^[A-Za-z0-9!_.'()-]+(/[A-Za-z0-9!_.'()-]+)*$", "u"), func4 = require_ucs2length().default;
function validate302(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (let key0 in data)
      if (!(key0 === "Enabled" || key0 === "Bucket" || key0 === "Prefix" || key0 === "Format"))
        return !1;
    if (data.Enabled !== void 0 && typeof data.Enabled != "boolean")
      return !1;
    if (data.Bucket !== void 0) {
      let data1 = data.Bucket;
      if (typeof data1 == "string") {
        if (!pattern92.test(data1))
          return !1;
      } else
        return !1;
    }
    if (data.Prefix !== void 0) {
      let data2 = data.Prefix;
      if (typeof data2 == "string") {
        if (func4(data2) > 512 || !pattern102.test(data2))
          return !1;
      } else
        return !1;
    }
    if (data.Format !== void 0) {
      let data3 = data.Format;
      if (typeof data3 != "string" || !(data3 === "DYNAMODB_JSON" || data3 === "ION"))
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}
function validate29(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (let key0 in data)
      if (!func22.call(schema112.properties, key0))
        return !1;
    if (data.Enabled !== void 0 && typeof data.Enabled != "boolean")
      return !1;
    if (data.WaitingPeriodHours !== void 0) {
      let data1 = data.WaitingPeriodHours;
      if (!(typeof data1 == "number" && !(data1 % 1) && !isNaN(data1) && isFinite(data1)) && typeof data1 != "string" || typeof data1 == "number" && isFinite(data1) && (data1 > 8784 || isNaN(data1) || data1 < 1 || isNaN(data1)) || typeof data1 == "string" && !pattern18.test(data1))
        return !1;
    }
    if (data.MaxPerRun !== void 0) {
      let data2 = data.MaxPerRun;
      if (!(typeof data2 == "number" && !(data2 % 1) && !isNaN(data2) && isFinite(data2)) && typeof data2 != "string" || typeof data2 == "number" && isFinite(data2) && (data2 > 1e4 || isNaN(data2) || data2 < 1 || isNaN(data2)) || typeof data2 == "string" && !pattern42.test(data2))
        return !1;
    }
    if (data.MaxPerGroup !== void 0) {
      let data3 = data.MaxPerGroup;
      if (!(typeof data3 == "number" && !(data3 % 1) && !isNaN(data3) && isFinite(data3)) && typeof data3 != "string" || typeof data3 == "number" && isFinite(data3) && (data3 > 1e4 || isNaN(data3) || data3 < 1 || isNaN(data3)) || typeof data3 == "string" && !pattern42.test(data3))
        return !1;
    }
    if (data.NoticeHours !== void 0) {
      let data4 = data.NoticeHours;
      if (!(typeof data4 == "number" && !(data4 % 1) && !isNaN(data4) && isFinite(data4)) && typeof data4 != "string" || typeof data4 == "number" && isFinite(data4) && (data4 > 8784 || isNaN(data4) || data4 < 1 || isNaN(data4)) || typeof data4 == "string" && !pattern18.test(data4))
        return !1;
    }
    if (data.MaxShare !== void 0) {
      let data5 = data.MaxShare;
      if (!(typeof data5 == "number" && !(data5 % 1) && !isNaN(data5) && isFinite(data5)) && typeof data5 != "string" || typeof data5 == "number" && isFinite(data5) && (data5 > 100 || isNaN(data5) || data5 < 1 || isNaN(data5)) || typeof data5 == "string" && !pattern72.test(data5))
        return !1;
    }
    if (data.TrafficHours !== void 0) {
      let data6 = data.TrafficHours;
      if (!(typeof data6 == "number" && !(data6 % 1) && !isNaN(data6) && isFinite(data6)) && typeof data6 != "string" || typeof data6 == "number" && isFinite(data6) && (data6 > 168 || isNaN(data6) || data6 < 0 || isNaN(data6)) || typeof data6 == "string" && !pattern82.test(data6))
        return !1;
    }
    if (data.FinalBackup !== void 0 && typeof data.FinalBackup != "boolean" || data.Archive !== void 0 && !validate302(data.Archive))
      return !1;
  } else
    return !1;
  return errors === 0;
}
var schema132 = schema2.definitions.Scaling, schema142 = schema2.definitions.Method;
function validate342(data) {
  let vErrors = null, errors = 0;
  return typeof data != "string" || !(data === "predictive" || data === "reactive" || data === "target-tracking" || data === "step" || data === "none") ? !1 : errors === 0;
}
var schema152 = schema2.definitions.BurstReliance, pattern112 = new RegExp("^([0-9]|[1-9][0-9]|100)$", "u");
function validate36(data) {
  let vErrors = null, errors = 0;
  return !(typeof data == "number" && !(data % 1) && !isNaN(data) && isFinite(data)) && typeof data != "string" || typeof data == "number" && isFinite(data) && (data > 100 || isNaN(data) || data < 0 || isNaN(data)) || typeof data == "string" && !pattern112.test(data) ? !1 : errors === 0;
}
var schema162 = schema2.definitions.TargetUtilization, pattern122 = new RegExp("^([2-8][0-9]|90)$", "u");
function validate38(data) {
  let vErrors = null, errors = 0;
  return !(typeof data == "number" && !(data % 1) && !isNaN(data) && isFinite(data)) && typeof data != "string" || typeof data == "number" && isFinite(data) && (data > 90 || isNaN(data) || data < 20 || isNaN(data)) || typeof data == "string" && !pattern122.test(data) ? !1 : errors === 0;
}
var schema172 = schema2.definitions.Step, pattern152 = new RegExp("^(0|[1-9][0-9]?)$", "u"), pattern162 = new RegExp("^[1-9][0-9]?$", "u");
function validate402(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (let key0 in data)
      if (!(key0 === "RaiseAbove" || key0 === "RaiseBy" || key0 === "LowerBelow" || key0 === "LowerBy"))
        return !1;
    if (data.RaiseAbove !== void 0) {
      let data0 = data.RaiseAbove;
      if (!(typeof data0 == "number" && !(data0 % 1) && !isNaN(data0) && isFinite(data0)) && typeof data0 != "string" || typeof data0 == "number" && isFinite(data0) && (data0 > 100 || isNaN(data0) || data0 < 1 || isNaN(data0)) || typeof data0 == "string" && !pattern72.test(data0))
        return !1;
    }
    if (data.RaiseBy !== void 0) {
      let data1 = data.RaiseBy;
      if (!(typeof data1 == "number" && !(data1 % 1) && !isNaN(data1) && isFinite(data1)) && typeof data1 != "string" || typeof data1 == "number" && isFinite(data1) && (data1 > 1e3 || isNaN(data1) || data1 < 1 || isNaN(data1)) || typeof data1 == "string" && !pattern02.test(data1))
        return !1;
    }
    if (data.LowerBelow !== void 0) {
      let data2 = data.LowerBelow;
      if (!(typeof data2 == "number" && !(data2 % 1) && !isNaN(data2) && isFinite(data2)) && typeof data2 != "string" || typeof data2 == "number" && isFinite(data2) && (data2 > 99 || isNaN(data2) || data2 < 0 || isNaN(data2)) || typeof data2 == "string" && !pattern152.test(data2))
        return !1;
    }
    if (data.LowerBy !== void 0) {
      let data3 = data.LowerBy;
      if (!(typeof data3 == "number" && !(data3 % 1) && !isNaN(data3) && isFinite(data3)) && typeof data3 != "string" || typeof data3 == "number" && isFinite(data3) && (data3 > 99 || isNaN(data3) || data3 < 1 || isNaN(data3)) || typeof data3 == "string" && !pattern162.test(data3))
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}
var schema182 = schema2.definitions.Range, pattern182 = new RegExp("^[1-9][0-9]{0,8}$", "u");
function validate422(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (let key0 in data)
      if (!(key0 === "Min" || key0 === "Max" || key0 === "AcceptThrottling"))
        return !1;
    if (data.Min !== void 0) {
      let data0 = data.Min;
      if (!(typeof data0 == "number" && !(data0 % 1) && !isNaN(data0) && isFinite(data0)) && typeof data0 != "string" || typeof data0 == "number" && isFinite(data0) && (data0 > 999999999 || isNaN(data0) || data0 < 1 || isNaN(data0)) || typeof data0 == "string" && !pattern182.test(data0))
        return !1;
    }
    if (data.Max !== void 0) {
      let data1 = data.Max;
      if (!(typeof data1 == "number" && !(data1 % 1) && !isNaN(data1) && isFinite(data1)) && typeof data1 != "string" || typeof data1 == "number" && isFinite(data1) && (data1 > 999999999 || isNaN(data1) || data1 < 1 || isNaN(data1)) || typeof data1 == "string" && !pattern182.test(data1))
        return !1;
    }
    if (data.AcceptThrottling !== void 0 && typeof data.AcceptThrottling != "boolean")
      return !1;
  } else
    return !1;
  return errors === 0;
}
var schema192 = schema2.definitions.IndexScaling;
function validate45(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (let key0 in data)
      if (!(key0 === "Method" || key0 === "BurstReliance" || key0 === "TargetUtilization" || key0 === "Step" || key0 === "Read" || key0 === "Write"))
        return !1;
    if (data.Method !== void 0 && !validate342(data.Method) || data.BurstReliance !== void 0 && !validate36(data.BurstReliance) || data.TargetUtilization !== void 0 && !validate38(data.TargetUtilization) || data.Step !== void 0 && !validate402(data.Step) || data.Read !== void 0 && !validate422(data.Read) || data.Write !== void 0 && !validate422(data.Write))
      return !1;
  } else
    return !1;
  return errors === 0;
}
var pattern172 = new RegExp("^https?://[^\\s/?#@]+([/?#]\\S*)?$", "u");
function validate33(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (let key0 in data)
      if (!func22.call(schema132.properties, key0))
        return !1;
    if (data.Method !== void 0 && !validate342(data.Method))
      return !1;
    if (data.Billing !== void 0) {
      let data1 = data.Billing;
      if (typeof data1 != "string" || !(data1 === "provisioned" || data1 === "auto"))
        return !1;
    }
    if (data.BurstReliance !== void 0 && !validate36(data.BurstReliance) || data.TargetUtilization !== void 0 && !validate38(data.TargetUtilization) || data.Step !== void 0 && !validate402(data.Step))
      return !1;
    if (data.HealthUrl !== void 0) {
      let data5 = data.HealthUrl;
      if (typeof data5 == "string") {
        if (func4(data5) > 2048 || !pattern172.test(data5))
          return !1;
      } else
        return !1;
    }
    if (data.AllowPrivateHealthUrl !== void 0 && typeof data.AllowPrivateHealthUrl != "boolean" || data.Read !== void 0 && !validate422(data.Read) || data.Write !== void 0 && !validate422(data.Write))
      return !1;
    if (data.Indexes !== void 0) {
      let data9 = data.Indexes;
      if (data9 && typeof data9 == "object" && !Array.isArray(data9)) {
        for (let key1 in data9)
          if (!validate45(data9[key1])) return !1;
      } else
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}
var schema202 = schema2.definitions.FailAfter, pattern20 = new RegExp("^([1-9]|[1-5][0-9]|60)$", "u"), pattern212 = new RegExp("^([1-9][0-9]{0,2}|1[0-3][0-9]{2}|14[0-3][0-9]|1440)$", "u");
function validate54(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (let key0 in data)
      if (!(key0 === "ThrottledMinutes" || key0 === "UnusableMinutes"))
        return !1;
    if (data.ThrottledMinutes !== void 0) {
      let data0 = data.ThrottledMinutes;
      if (!(typeof data0 == "number" && !(data0 % 1) && !isNaN(data0) && isFinite(data0)) && typeof data0 != "string" || typeof data0 == "number" && isFinite(data0) && (data0 > 60 || isNaN(data0) || data0 < 1 || isNaN(data0)) || typeof data0 == "string" && !pattern20.test(data0))
        return !1;
    }
    if (data.UnusableMinutes !== void 0) {
      let data1 = data.UnusableMinutes;
      if (!(typeof data1 == "number" && !(data1 % 1) && !isNaN(data1) && isFinite(data1)) && typeof data1 != "string" || typeof data1 == "number" && isFinite(data1) && (data1 > 1440 || isNaN(data1) || data1 < 1 || isNaN(data1)) || typeof data1 == "string" && !pattern212.test(data1))
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}
var schema212 = schema2.definitions.RestoreDrill, pattern22 = new RegExp("^([1-9][0-9]{0,3}|[1-4][0-9]{4}|50[0-9]{3}|51[01][0-9]{2}|51200)$", "u"), pattern23 = new RegExp("^([1-9][0-9]{0,4}|100000)$", "u");
function validate56(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (let key0 in data)
      if (!(key0 === "Enabled" || key0 === "MaxGB" || key0 === "MaxUSD"))
        return !1;
    if (data.Enabled !== void 0 && typeof data.Enabled != "boolean")
      return !1;
    if (data.MaxGB !== void 0) {
      let data1 = data.MaxGB;
      if (!(typeof data1 == "number" && !(data1 % 1) && !isNaN(data1) && isFinite(data1)) && typeof data1 != "string" || typeof data1 == "number" && isFinite(data1) && (data1 > 51200 || isNaN(data1) || data1 < 1 || isNaN(data1)) || typeof data1 == "string" && !pattern22.test(data1))
        return !1;
    }
    if (data.MaxUSD !== void 0) {
      let data2 = data.MaxUSD;
      if (!(typeof data2 == "number" && !(data2 % 1) && !isNaN(data2) && isFinite(data2)) && typeof data2 != "string" || typeof data2 == "number" && isFinite(data2) && (data2 > 1e5 || isNaN(data2) || data2 < 1 || isNaN(data2)) || typeof data2 == "string" && !pattern23.test(data2))
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}
var schema222 = schema2.definitions.ChangesPerSecond;
function validate582(data) {
  let vErrors = null, errors = 0;
  return !(typeof data == "number" && !(data % 1) && !isNaN(data) && isFinite(data)) && typeof data != "string" || typeof data == "number" && isFinite(data) && (data > 100 || isNaN(data) || data < 1 || isNaN(data)) || typeof data == "string" && !pattern72.test(data) ? !1 : errors === 0;
}
var schema232 = schema2.definitions.HistoryDays, pattern25 = new RegExp("^([1-9][0-9]{0,2}|[1-2][0-9]{3}|3[0-5][0-9]{2}|36[0-5][0-9]|3660)$", "u");
function validate602(data) {
  let vErrors = null, errors = 0;
  return !(typeof data == "number" && !(data % 1) && !isNaN(data) && isFinite(data)) && typeof data != "string" || typeof data == "number" && isFinite(data) && (data > 3660 || isNaN(data) || data < 1 || isNaN(data)) || typeof data == "string" && !pattern25.test(data) ? !1 : errors === 0;
}
var schema242 = schema2.definitions.Protected;
function validate62(data) {
  let vErrors = null, errors = 0;
  return typeof data != "boolean" ? !1 : errors === 0;
}
var schema252 = schema2.definitions.Notices;
function validate64(data) {
  let vErrors = null, errors = 0;
  if (Array.isArray(data)) {
    let len0 = data.length;
    for (let i0 = 0; i0 < len0; i0++) {
      let data0 = data[i0];
      if (typeof data0 != "string" || !(data0 === "create" || data0 === "attach-consumer" || data0 === "enable-destination" || data0 === "add-replica" || data0 === "tag-replica" || data0 === "raise" || data0 === "lower" || data0 === "time-to-live" || data0 === "recovery" || data0 === "protection" || data0 === "billing" || data0 === "table-class" || data0 === "schedule-deletion" || data0 === "cancel-deletion" || data0 === "back-up" || data0 === "archive" || data0 === "remove-replica" || data0 === "delete" || data0 === "detach-consumer" || data0 === "failed" || data0 === "hold-begun" || data0 === "hold-ended" || data0 === "drill-passed" || data0 === "drill-failed" || data0 === "drill-skipped"))
        return !1;
    }
    let i1 = data.length, j0;
    if (i1 > 1) {
      let indices0 = {};
      for (; i1--; ) {
        let item0 = data[i1];
        if (typeof item0 == "string") {
          if (typeof indices0[item0] == "number") {
            return j0 = indices0[item0], !1;
            break;
          }
          indices0[item0] = i1;
        }
      }
    }
  } else
    return !1;
  return errors === 0;
}
var schema262 = schema2.definitions.Window, pattern26 = new RegExp("^([01][0-9]|2[0-3]):[0-5][0-9]$", "u"), pattern27 = new RegExp("^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", "u");
function validate662(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.From === void 0 || data.To === void 0)
      return !1;
    for (let key0 in data)
      if (!(key0 === "Days" || key0 === "From" || key0 === "To"))
        return !1;
    if (data.Days !== void 0) {
      let data0 = data.Days;
      if (Array.isArray(data0)) {
        if (data0.length < 1)
          return !1;
        let len0 = data0.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data1 = data0[i0];
          if (typeof data1 != "string" || !(data1 === "Mon" || data1 === "Tue" || data1 === "Wed" || data1 === "Thu" || data1 === "Fri" || data1 === "Sat" || data1 === "Sun"))
            return !1;
        }
      } else
        return !1;
    }
    if (data.From !== void 0) {
      let data2 = data.From;
      if (typeof data2 == "string") {
        if (!pattern26.test(data2))
          return !1;
      } else
        return !1;
    }
    if (data.To !== void 0) {
      let data3 = data.To;
      if (typeof data3 == "string") {
        if (!pattern27.test(data3))
          return !1;
      } else
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}
var schema272 = schema2.definitions.Metrics;
function validate682(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (let key0 in data)
      if (!(key0 === "Enabled" || key0 === "By"))
        return !1;
    if (data.Enabled !== void 0 && typeof data.Enabled != "boolean")
      return !1;
    if (data.By !== void 0) {
      let data1 = data.By;
      if (Array.isArray(data1)) {
        let len0 = data1.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data2 = data1[i0];
          if (typeof data2 != "string" || !(data2 === "group" || data2 === "phase" || data2 === "kind" || data2 === "reason"))
            return !1;
        }
        let i1 = data1.length, j0;
        if (i1 > 1) {
          let indices0 = {};
          for (; i1--; ) {
            let item0 = data1[i1];
            if (typeof item0 == "string") {
              if (typeof indices0[item0] == "number") {
                return j0 = indices0[item0], !1;
                break;
              }
              indices0[item0] = i1;
            }
          }
        }
      } else
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}
var schema282 = schema2.definitions.Settings;
function validate70(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (let key0 in data)
      if (!(key0 === "PeriodsAhead" || key0 === "WarmUpHours" || key0 === "DrainMinutes" || key0 === "Purge" || key0 === "Scaling" || key0 === "FailAfter" || key0 === "RestoreDrill" || key0 === "Maintenance"))
        return !1;
    if (data.PeriodsAhead !== void 0 && !validate232(data.PeriodsAhead) || data.WarmUpHours !== void 0 && !validate252(data.WarmUpHours) || data.DrainMinutes !== void 0 && !validate272(data.DrainMinutes) || data.Purge !== void 0 && !validate29(data.Purge) || data.Scaling !== void 0 && !validate33(data.Scaling) || data.FailAfter !== void 0 && !validate54(data.FailAfter) || data.RestoreDrill !== void 0 && !validate56(data.RestoreDrill))
      return !1;
    if (data.Maintenance !== void 0) {
      let data7 = data.Maintenance;
      if (Array.isArray(data7)) {
        let len0 = data7.length;
        for (let i0 = 0; i0 < len0; i0++)
          if (!validate662(data7[i0])) return !1;
      } else
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}
function validate222(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (let key0 in data)
      if (!func22.call(schema72.properties, key0))
        return !1;
    if (data.PeriodsAhead !== void 0 && !validate232(data.PeriodsAhead) || data.WarmUpHours !== void 0 && !validate252(data.WarmUpHours) || data.DrainMinutes !== void 0 && !validate272(data.DrainMinutes) || data.Purge !== void 0 && !validate29(data.Purge) || data.Scaling !== void 0 && !validate33(data.Scaling) || data.FailAfter !== void 0 && !validate54(data.FailAfter) || data.RestoreDrill !== void 0 && !validate56(data.RestoreDrill) || data.ChangesPerSecond !== void 0 && !validate582(data.ChangesPerSecond) || data.HistoryDays !== void 0 && !validate602(data.HistoryDays) || data.Protected !== void 0 && !validate62(data.Protected) || data.Notices !== void 0 && !validate64(data.Notices))
      return !1;
    if (data.Maintenance !== void 0) {
      let data11 = data.Maintenance;
      if (Array.isArray(data11)) {
        let len0 = data11.length;
        for (let i0 = 0; i0 < len0; i0++)
          if (!validate662(data11[i0])) return !1;
      } else
        return !1;
    }
    if (data.Metrics !== void 0 && !validate682(data.Metrics))
      return !1;
    if (data.Tables !== void 0) {
      let data14 = data.Tables;
      if (data14 && typeof data14 == "object" && !Array.isArray(data14)) {
        for (let key1 in data14)
          if (!validate70(data14[key1])) return !1;
      } else
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}
var pattern28 = new RegExp("^[a-zA-Z0-9_][a-zA-Z0-9_-]*$", "u");
function validate212(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (let key0 in data)
      if (!(key0 === "$schema" || key0 === "Defaults" || key0 === "Environments"))
        return !1;
    if (data.$schema !== void 0 && typeof data.$schema != "string" || data.Defaults !== void 0 && !validate222(data.Defaults))
      return !1;
    if (data.Environments !== void 0) {
      let data2 = data.Environments;
      if (data2 && typeof data2 == "object" && !Array.isArray(data2)) {
        for (let key1 in data2) {
          let _errs8 = errors;
          if (typeof key1 == "string" && (func4(key1) > 64 || !pattern28.test(key1)))
            return !1;
          var valid2 = _errs8 === errors;
          if (!valid2)
            return !1;
        }
        for (let key2 in data2)
          if (!validate222(data2[key2])) return !1;
      } else
        return !1;
    }
  } else
    return !1;
  return errors === 0;
}

// schema:prices
import schema3 from "../../schemas/prices.schema.json" with { type: "json" };
var prices_default = validate213, schema6 = schema3, func23 = Object.prototype.hasOwnProperty, schema73 = schema3.definitions.Provisioned, schema83 = schema3.definitions.Price;
function validate233(data) {
  let vErrors = null, errors = 0;
  if (typeof data == "number" && isFinite(data)) {
    if (data > 1e3 || isNaN(data) || data <= 0 || isNaN(data))
      return !1;
  } else
    return !1;
  return errors === 0;
}
function validate223(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (let key0 in data)
      if (!(key0 === "ReadUnitHour" || key0 === "WriteUnitHour"))
        return !1;
    if (data.ReadUnitHour !== void 0 && !validate233(data.ReadUnitHour) || data.WriteUnitHour !== void 0 && !validate233(data.WriteUnitHour))
      return !1;
  } else
    return !1;
  return errors === 0;
}
var schema93 = schema3.definitions.OnDemand;
function validate273(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (let key0 in data)
      if (!(key0 === "MillionReads" || key0 === "MillionWrites"))
        return !1;
    if (data.MillionReads !== void 0 && !validate233(data.MillionReads) || data.MillionWrites !== void 0 && !validate233(data.MillionWrites))
      return !1;
  } else
    return !1;
  return errors === 0;
}
var schema103 = schema3.definitions.Storage;
function validate312(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (let key0 in data)
      if (!(key0 === "Standard" || key0 === "InfrequentAccess"))
        return !1;
    if (data.Standard !== void 0 && !validate233(data.Standard) || data.InfrequentAccess !== void 0 && !validate233(data.InfrequentAccess))
      return !1;
  } else
    return !1;
  return errors === 0;
}
var schema113 = schema3.definitions.Backup;
function validate35(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (let key0 in data)
      if (!(key0 === "Stored" || key0 === "Restored"))
        return !1;
    if (data.Stored !== void 0 && !validate233(data.Stored) || data.Restored !== void 0 && !validate233(data.Restored))
      return !1;
  } else
    return !1;
  return errors === 0;
}
var schema123 = schema3.definitions.Archive;
function validate392(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (let key0 in data)
      if (!(key0 === "Exported" || key0 === "Loaded"))
        return !1;
    if (data.Exported !== void 0 && !validate233(data.Exported) || data.Loaded !== void 0 && !validate233(data.Loaded))
      return !1;
  } else
    return !1;
  return errors === 0;
}
function validate213(data) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (let key0 in data)
      if (!func23.call(schema6.properties, key0))
        return !1;
    if (data.$schema !== void 0 && typeof data.$schema != "string" || data.Provisioned !== void 0 && !validate223(data.Provisioned) || data.OnDemand !== void 0 && !validate273(data.OnDemand) || data.Storage !== void 0 && !validate312(data.Storage) || data.Backup !== void 0 && !validate35(data.Backup) || data.Archive !== void 0 && !validate392(data.Archive))
      return !1;
    if (data.InfrequentAccessThroughput !== void 0) {
      let data6 = data.InfrequentAccessThroughput;
      if (typeof data6 == "number" && isFinite(data6)) {
        if (data6 > 100 || isNaN(data6) || data6 <= 0 || isNaN(data6))
          return !1;
      } else
        return !1;
    }
    if (data.ThousandMetrics !== void 0 && !validate233(data.ThousandMetrics) || data.CustomMetric !== void 0 && !validate233(data.CustomMetric))
      return !1;
  } else
    return !1;
  return errors === 0;
}
export {
  prices_default as isPrices,
  settings_default as isSettings,
  tables_default as isTables
};
